package io.multishot;

import java.util.concurrent.TimeUnit;

/**
 * Limits the rounds of a race by number and by time, because on a busy machine a hand-over between two spinning threads
 * may take a whole time slice. A thousand rounds run in any case.
 */
final class RoundLimit {
    private static final int LEAST = 1000;

    private final int most;
    private final long deadline;
    private int allowed;

    RoundLimit(int most) {
        this(most, 600);
    }

    RoundLimit(int most, long millis) {
        this.most = most;
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    boolean allows(int round) {
        boolean timeIsUp = round >= LEAST && round % 64 == 0 && System.nanoTime() - deadline > 0;
        allowed = round;
        return round < most && !timeIsUp;
    }

    /** Returns the number of rounds that ran. */
    int rounds() {
        return allowed;
    }
}
