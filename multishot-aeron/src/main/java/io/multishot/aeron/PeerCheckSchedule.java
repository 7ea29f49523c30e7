package io.multishot.aeron;

import java.util.concurrent.TimeUnit;
import java.util.function.LongToIntFunction;

/**
 * Decides in which cycles an agent reads the clock and checks its peers. A check takes several times as long as a poll
 * that finds nothing, so an engine that spins looks at the clock in every eighth idle cycle only, and checks when some
 * microseconds have passed; it receives messages the sooner. An engine that rests between its cycles checks in each
 * idle one. No engine handles more than a few messages without a look.
 */
final class PeerCheckSchedule {
    /** Few, so that slow handlers and wakers delay a check by little. */
    private static final int MESSAGES_PER_LOOK = 10;

    private static final int SPINS_PER_LOOK = 8;

    /** If two looks are closer together than this, the engine spins. */
    private static final long SPINNING_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    /** Between checks. Peers are late by milliseconds at least. */
    private static final long MIN_CHECK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final LongToIntFunction check;
    private int messages;
    private int idleCycles;
    private int idleCyclesPerLook = 1;
    private long lastLook = System.nanoTime();
    private long lastCheck = lastLook - MIN_CHECK_NANOS;

    /** @param check gets the time, and returns how much it did */
    PeerCheckSchedule(LongToIntFunction check) {
        this.check = check;
    }

    /** Counts a cycle that has handled this many messages, and checks if that is due. Returns how much was done. */
    int checkIfDue(int handled) {
        if (!isLookDue(handled)) {
            return 0;
        }
        long now = System.nanoTime();
        return beginCheck(now) ? check.applyAsInt(now) : 0;
    }

    /** Counts a cycle that has handled this many messages, and returns true if {@link #beginCheck} is to be called. */
    boolean isLookDue(int handled) {
        if (handled > 0) {
            messages += handled;
        } else {
            idleCycles++;
        }
        return messages >= MESSAGES_PER_LOOK || idleCycles >= idleCyclesPerLook;
    }

    /** Records a look at the clock, and returns true if a check is due, which then begins. */
    boolean beginCheck(long now) {
        idleCyclesPerLook = now - lastLook < SPINNING_NANOS ? SPINS_PER_LOOK : 1;
        lastLook = now;
        messages = 0;
        idleCycles = 0;
        boolean isDue = now - lastCheck >= MIN_CHECK_NANOS;
        if (isDue) {
            lastCheck = now;
        }
        return isDue;
    }
}
