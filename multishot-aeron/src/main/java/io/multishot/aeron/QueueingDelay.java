package io.multishot.aeron;

import java.util.concurrent.TimeUnit;

/**
 * Estimates for how long the messages of one peer wait in buffers, although the clocks of both sides do not agree: the
 * quickest message tells how far the clocks are apart, and any other one waited for as long as it is behind that.
 */
final class QueueingDelay {
    /**
     * The rate of the clocks may differ by up to 1/2048, which is what a clock that is being corrected may be off. So
     * the longer ago the quickest message was, the slower a message may be that counts as quick.
     */
    private static final int DRIFT_SHIFT = 11;

    private boolean known;

    /** Arrival less departure of the quickest message, in microseconds, modulo 2^32. */
    private int quickest;

    /** When that message arrived, in microseconds. */
    private long quickestArrival;

    /**
     * Returns how long a message has waited, and learns from it.
     *
     * @param sent when it was sent, in microseconds, on the peer's clock
     * @param now the time on the scale of {@link System#nanoTime()}
     * @return microseconds, less than 2^31; the messages of a peer that was silent for an hour may have any age
     */
    int micros(int sent, long now) {
        long nowMicros = TimeUnit.NANOSECONDS.toMicros(now);
        int elapsed = (int) nowMicros - sent;
        int allowed = quickest + (int) ((nowMicros - quickestArrival) >> DRIFT_SHIFT);
        if (known && elapsed - allowed > 0) {
            return elapsed - allowed;
        }
        known = true;
        quickest = elapsed;
        quickestArrival = nowMicros;
        return 0;
    }
}
