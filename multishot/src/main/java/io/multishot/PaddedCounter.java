package io.multishot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A count of rare events, on a cache line of its own, so that counting disturbs no neighbour. */
final class PaddedCounter {
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    /** The distance to either end of the array: two cache lines, because processors fetch lines in pairs. */
    private static final int PADDING = 16;

    private final long[] padded = new long[2 * PADDING];

    /** Counts a reply, unless it was accepted; returns whether it was. */
    boolean countUnless(boolean accepted) {
        if (!accepted) {
            increment();
        }
        return accepted;
    }

    /** Transition: n → n + 1. Ordering: volatile, as the operation offers; nothing relies on it. Wait-free. */
    private void increment() {
        COUNT.getAndAdd(padded, PADDING, 1L);
    }

    /** Ordering: volatile, pairs with {@link #increment}: what was refused before is counted. */
    long count() {
        return (long) COUNT.getVolatile(padded, PADDING);
    }
}
