package io.multishot.aeron;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/**
 * How an engine and its embedded driver wait for work: the shorter their naps, the sooner they notice a message, and
 * the more of a processor they use. They nap only when the other side is in another process: whatever is sent within
 * this process wakes them.
 */
public enum BackOff {
    /** x */
    LATENCY(0, 0),
    /** x */
    BALANCED(TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(5)),
    /** x */
    FRUGAL(TimeUnit.MILLISECONDS.toNanos(4), TimeUnit.MILLISECONDS.toNanos(16));

    private static final int CLIENT_SLEEP_MILLIS = 16;

    private final long shortNapNanos;
    private final long longNapNanos;

    BackOff(long shortNapNanos, long longNapNanos) {
        this.shortNapNanos = shortNapNanos;
        this.longNapNanos = longNapNanos;
    }

    /** Returns a strategy for one thread. */
    NapIdleStrategy idleStrategy(Nap nap, Runnable afterWork) {
        return new NapIdleStrategy(shortNapNanos, longNapNanos, nap, afterWork);
    }

    /** Returns a strategy for the thread of an Aeron client, which messages do not wait for. */
    IdleStrategy clientIdleStrategy() {
        return new SleepingMillisIdleStrategy(CLIENT_SLEEP_MILLIS);
    }
}
