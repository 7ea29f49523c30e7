package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a cell knows of its abandonment besides the slot: that it is <em>detached</em>. A sender that comes too late covers
 * the mark in the slot for a moment, so the mark alone would not do.
 */
abstract sealed class Abandonable permits Sender {
    private static final VarHandle DETACHED = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "detached", VarHandle.class, Abandonable.class, boolean.class);

    /** Set once, after ABANDONED was put into the slot. */
    @SuppressWarnings("UnusedVariable") // accessed through DETACHED
    private boolean detached;

    /**
     * Sender's question after it found an outcome in the slot, or when asked. Ordering: acquire, pairs with {@link
     * #detachedSetRelease}.
     */
    final boolean detachedAcquire() {
        return (boolean) DETACHED.getAcquire(this);
    }

    /**
     * Transition: false → true, by the receiver when it has detached this cell, and by a sender that found out; both after
     * the slot was ABANDONED. From then on every use answers false. Ordering: release, pairs with {@link #detachedAcquire}.
     */
    final void detachedSetRelease() {
        DETACHED.setRelease(this, true);
    }
}
