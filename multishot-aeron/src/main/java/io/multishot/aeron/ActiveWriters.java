package io.multishot.aeron;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts the threads that are writing to a publication, so that it is closed only when none is. Aeron unmaps the memory
 * of a publication some time after it is closed, and a write to unmapped memory crashes the JVM.
 *
 * <p>A writer increments a count, then loads {@code closed}; the closing thread stores {@code closed}, then loads the
 * counts. All of these are volatile, so at least one of the two sees the other: a writer that was admitted is counted
 * until it exits. The counts are striped, each in cache lines of its own, so that writers rarely contend.
 */
final class ActiveWriters {
    private static final int STRIPES = 8;

    /** Two cache lines of ints. */
    private static final int STRIPE_WIDTH = 32;

    private static final long PARK_NANOS = 200_000;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(STRIPES * STRIPE_WIDTH);
    private volatile boolean closed;

    /**
     * Admits the calling thread, unless this is closed. Wait-free: one read-modify-write. If it returns true,
     * {@link #exit} must follow with the same stripe.
     */
    boolean enter(int stripe) {
        counts.getAndIncrement(index(stripe));
        if (closed) {
            exit(stripe);
            return false;
        }
        return true;
    }

    /** Wait-free: one read-modify-write. */
    void exit(int stripe) {
        counts.getAndDecrement(index(stripe));
    }

    private static int index(int stripe) {
        return stripe % STRIPES * STRIPE_WIDTH;
    }

    /** Admits no more writers. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Returns true, after {@link #close()}, if all writers have left; then no more will come. */
    boolean isEmpty() {
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            if (counts.get(index(stripe)) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Waits, after {@link #close()}, until all writers have left. */
    void awaitEmpty() {
        while (!isEmpty()) {
            LockSupport.parkNanos(PARK_NANOS);
        }
    }
}
