package io.multishot;

import java.util.concurrent.TimeUnit;

/**
 * How many rounds to hammer: so many at most, and no longer than a moment, for on a busy machine a hand-over between
 * two spinning threads may take a time slice. But a thousand in any case.
 */
final class Budget {
    private static final int LEAST = 1000;

    private final int most;
    private final long deadline;
    private int allowed;

    Budget(int most) {
        this(most, 600);
    }

    Budget(int most, long millis) {
        this.most = most;
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    boolean allows(int round) {
        boolean timeIsUp = round >= LEAST && round % 64 == 0 && System.nanoTime() - deadline > 0;
        allowed = round;
        return round < most && !timeIsUp;
    }

    /** The number of rounds that there were. */
    int rounds() {
        return allowed;
    }
}
