package io.multishot.aeron;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Keeps a publication open while threads write to it: its memory is unmapped some time after it is closed, and whoever
 * wrote there then would bring the JVM down.
 *
 * <p>Each thread counts itself in, then looks whether the gate is closed; whoever closes the gate writes that first,
 * then looks at the counts. Both are volatile, so one of the two sees the other: who is let in is seen inside, until it
 * has counted itself out. The counts are striped, so that threads are not in each other's way.
 */
final class ActiveWriters {
    private static final int STRIPES = 8;

    /** Ints in two cache lines, so that each stripe has its own. */
    private static final int WIDTH = 32;

    private final AtomicIntegerArray inside = new AtomicIntegerArray(STRIPES * WIDTH);
    private volatile boolean closed;

    /** Wait-free. Returns false if the gate is closed; else {@link #exit} must follow, with the same stripe. */
    boolean enter(int stripe) {
        inside.getAndIncrement(at(stripe));
        if (closed) {
            exit(stripe);
            return false;
        }
        return true;
    }

    /** Wait-free. */
    void exit(int stripe) {
        inside.getAndDecrement(at(stripe));
    }

    private static int at(int stripe) {
        return stripe % STRIPES * WIDTH;
    }

    /** Lets nobody in any more. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** After {@link #close()}: whether all have left, for good. */
    boolean isEmpty() {
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            if (inside.get(at(stripe)) != 0) {
                return false;
            }
        }
        return true;
    }
}
