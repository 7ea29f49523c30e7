package io.multishot.aeron;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * Idles with naps from which any thread of the process can wake it. It naps, each time four times as long, up to the
 * short nap; and when it has had twenty of those without work, it takes long naps. A wake-up without work does not
 * change that. If work came in quick succession lately, it spins and yields before, for some ten microseconds.
 *
 * <p>One thread idles. It sets {@code napping} before its first nap, then looks for work once more; a thread that has
 * sent something loads {@code napping} after that. No fence orders the sender's two accesses, which would cost it more
 * than the load. So a wake-up can be missed if both threads are at this point within some nanoseconds. Then the message
 * waits for the end of a nap, the first and shortest one.
 */
final class NapIdleStrategy implements IdleStrategy {
    private static final int MAX_SPINS = 100;
    private static final int MAX_YIELDS = 100;
    private static final int MAX_SHORT_NAPS = 20;
    private static final long FIRST_NAP_NANOS = 1_000;
    private static final int NAP_GROWTH = 4;

    /** Work that comes this soon after the first nap began would have come while this was awake, or nearly. */
    private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final long shortNapNanos;
    private final long longNapNanos;
    private final Nap nap;
    private final Runnable afterWork;
    private final NanoClock clock;

    /** True from before the first nap until there is work or someone wakes this. */
    private volatile boolean napping;

    // Accessed by the thread that idles only

    /** Whether to spin and yield at first. */
    private boolean isQuick = true;

    /** Whether there were naps since the last work, and since when. */
    private boolean rested;

    private long restStart;
    private int spins;
    private int yields;
    private int shortNaps;
    private long nextNapNanos = FIRST_NAP_NANOS;

    /**
     * @param shortNapNanos how long naps are at most while there was work lately; 0 to yield instead
     * @param longNapNanos how long they are after that
     * @param nap how the thread naps
     * @param afterWork called after each cycle that had work
     * @param clock tells whether work comes quickly
     */
    NapIdleStrategy(long shortNapNanos, long longNapNanos, Nap nap, Runnable afterWork, NanoClock clock) {
        this.shortNapNanos = shortNapNanos;
        this.longNapNanos = longNapNanos;
        this.nap = nap;
        this.afterWork = afterWork;
        this.clock = clock;
    }

    /** Ends the nap, if there is one. Any thread. One load if the idling thread is awake. */
    void wake() {
        if (napping) {
            napping = false;
            nap.end();
        }
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
            afterWork.run();
        } else {
            idle();
        }
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // other threads have work meanwhile
    public void idle() {
        if (isQuick && spins < MAX_SPINS) {
            spins++;
            Thread.onSpinWait();
        } else if ((isQuick && yields < MAX_YIELDS) || shortNapNanos == 0) {
            yields++;
            Thread.yield();
        } else if (napping) {
            nap();
        } else {
            if (!rested) {
                rested = true;
                restStart = clock.nanoTime();
            }
            napping = true; // then the caller looks for work once more
        }
    }

    private void nap() {
        nap.sleep(nextNapNanos);
        if (nextNapNanos < shortNapNanos) {
            nextNapNanos = Math.min(NAP_GROWTH * nextNapNanos, shortNapNanos);
        } else if (++shortNaps >= MAX_SHORT_NAPS) {
            nextNapNanos = longNapNanos;
        }
    }

    @Override
    public void reset() {
        spins = 0;
        yields = 0;
        shortNaps = 0;
        if (rested) {
            rested = false;
            isQuick = clock.nanoTime() - restStart < QUICK_NANOS;
        }
        nextNapNanos = FIRST_NAP_NANOS;
        if (napping) {
            napping = false;
        }
    }

    @Override
    public String alias() {
        return "nap";
    }
}
