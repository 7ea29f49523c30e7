package io.multishot.aeron;

import java.util.concurrent.TimeUnit;

/**
 * Tells a party when to look at the clock and after its peers. That takes several times as long as a poll which finds
 * nothing, so whoever spins does it every few cycles only, and hears the sooner of what arrives. Whoever rests between
 * its cycles looks in each that is idle, and nobody handles more than a few messages without a look.
 */
final class PeerCheckSchedule {
    /** Few, so that a handler or waker that takes its time delays a look by little. */
    private static final int MESSAGES_A_LOOK = 10;

    private static final int SPINS_A_LOOK = 8;

    /** Two looks that were closer together than this were those of somebody who spins. */
    private static final long SPINNING_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private int messages;
    private int idleCycles;
    private int idleCyclesALook = 1;
    private long lastLook = System.nanoTime();

    /** At the end of a cycle that has handled so many messages: is a look due? */
    boolean isDue(int done) {
        if (done > 0) {
            messages += done;
        } else {
            idleCycles++;
        }
        return messages >= MESSAGES_A_LOOK || idleCycles >= idleCyclesALook;
    }

    /** At a look. */
    void look(long now) {
        idleCyclesALook = now - lastLook < SPINNING_NANOS ? SPINS_A_LOOK : 1;
        lastLook = now;
        messages = 0;
        idleCycles = 0;
    }
}
