package io.multishot.aeron;

import java.util.concurrent.TimeUnit;

/**
 * Decides in which cycles an agent reads the clock and checks its peers. A check takes several times as long as a poll
 * that finds nothing, so an engine that spins checks in every eighth idle cycle only, and receives messages the sooner.
 * An engine that rests between its cycles checks in each idle one. No engine handles more than a few messages without a
 * check.
 */
final class PeerCheckSchedule {
    /** Few, so that slow handlers and wakers delay a check by little. */
    private static final int MESSAGES_PER_CHECK = 10;

    private static final int SPINS_PER_CHECK = 8;

    /** If two checks are closer together than this, the engine spins. */
    private static final long SPINNING_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private int messages;
    private int idleCycles;
    private int idleCyclesPerCheck = 1;
    private long lastCheck = System.nanoTime();

    /** Counts a cycle that has handled this many messages, and returns true if a check is due at its end. */
    boolean isDue(int handled) {
        if (handled > 0) {
            messages += handled;
        } else {
            idleCycles++;
        }
        return messages >= MESSAGES_PER_CHECK || idleCycles >= idleCyclesPerCheck;
    }

    /** Records a check. */
    void checked(long now) {
        idleCyclesPerCheck = now - lastCheck < SPINNING_NANOS ? SPINS_PER_CHECK : 1;
        lastCheck = now;
        messages = 0;
        idleCycles = 0;
    }
}
