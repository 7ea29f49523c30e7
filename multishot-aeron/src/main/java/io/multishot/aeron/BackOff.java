package io.multishot.aeron;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;

/**
 * How an engine and its embedded driver wait for work: the shorter their naps, the sooner they notice a message, and
 * the more of a processor they use. What is sent within this process wakes them, as does a datagram wake the driver. So
 * naps delay only messages that another process writes into the shared memory of the same driver, and flow control.
 *
 * <p>The figures are those of {@code docs/remote.md}, from two busy processors: what an idle engine with its driver
 * takes, and the median round trip of a request that comes after 20 milliseconds without any. Naps of a millisecond
 * without wake-ups took 6 %, 0.77 ms over IPC and 2.9 ms over UDP in the same runs.
 *
 * @since 0.1.0
 */
public enum BackOff {
    /**
     * Never naps. An idle engine and its driver take a processor each; for machines that have them to spare. Where they
     * do not, this is slower than the others: 0.3 ms over IPC, 1.1 ms over UDP.
     */
    LATENCY(0, 0),

    /** Naps for up to 1 ms after work, and for 5 ms later: 2 % of a processor, 0.22 ms over IPC, 0.8 ms over UDP. */
    BALANCED(TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(5)),

    /** Naps for up to 4 ms after work, and for 16 ms later: 1 % of a processor, 0.22 ms over IPC, 0.9 ms over UDP. */
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
        return new NapIdleStrategy(shortNapNanos, longNapNanos, nap, afterWork, SystemNanoClock.INSTANCE);
    }

    /** Returns a strategy for the thread of an Aeron client, which messages do not wait for. */
    IdleStrategy clientIdleStrategy() {
        return new SleepingMillisIdleStrategy(CLIENT_SLEEP_MILLIS);
    }
}
