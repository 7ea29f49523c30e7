package io.multishot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A count of rare events, with a cache line of its own, so that counting disturbs no neighbour. */
final class PaddedCounter {
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    /** In the middle of two cache lines before and behind, because processors fetch lines in pairs. */
    private static final int PLACE = 16;

    private final long[] padded = new long[2 * PLACE];

    /**
     * Transition: n → n + 1. Ordering: volatile, which is what the operation offers; nothing relies on it. Wait-free.
     */
    void increment() {
        COUNT.getAndAdd(padded, PLACE, 1L);
    }

    /** Ordering: volatile, pairs with {@link #increment}: what happened before is counted. */
    long count() {
        return (long) COUNT.getVolatile(padded, PLACE);
    }
}
