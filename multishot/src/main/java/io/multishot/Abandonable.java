package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a cell knows of its abandonment besides the slot: whom to tell, and, once that is settled, that it is
 * <em>detached</em>.
 */
abstract sealed class Abandonable permits Sender {
    /*
     *   abandonment   meaning
     *   null          nobody wants to be told
     *   a Waker       this one does; the last one registered
     *   DETACHED      the receiver has left, and has told whoever was here
     *
     * The receiver alone writes DETACHED, by an exchange, after it has put ABANDONED into the slot: so a sender that was
     * consumed before is never told. The sender's side replaces wakers by compare-and-set, so it never covers DETACHED.
     * Each waker thus comes back from the receiver's exchange, or finds DETACHED, or was replaced: one call, no loop.
     *
     * A sender that comes too late covers the mark in the slot for a moment; DETACHED lasts.
     */
    private static final VarHandle ABANDONMENT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "abandonment", VarHandle.class, Abandonable.class, Object.class);

    private static final Object DETACHED = "DETACHED";

    private @Nullable Object abandonment;

    /** Registers this waker instead of the last one, or tells it at once. */
    final void register(Waker waker) {
        Object seen = abandonmentAcquire();
        if (seen == DETACHED || abandonmentCompareAndExchange(seen, waker) == DETACHED) {
            tell(waker);
        }
        // Else it is registered; or another thread registered one at this moment, and that counts as the later one.
    }

    /**
     * Detaches the cell for good, and tells who wanted to be told, if anybody did. The receiver, when all else is done.
     */
    void settle() {
        if (abandonmentGetAndSetDetached() instanceof Waker waker) {
            tell(waker);
        }
    }

    private static void tell(Waker waker) {
        try {
            waker.wake();
        } catch (Throwable thrown) {
            Waiter.report(thrown);
        }
    }

    /**
     * Transition: a Waker → null, by the receiver, which has the cell to itself, before its next round or for good.
     * Ordering: plain, both accesses; the look that found the outcome comes before, the release store of OPEN after.
     */
    final void forgetWaker() {
        if (abandonment != null) {
            abandonment = null;
        }
    }

    /** Sender's question after it found an outcome in the slot. Once true, it stays true. Ordering: see below. */
    final boolean isDetached() {
        return abandonmentAcquire() == DETACHED;
    }

    /**
     * A look. Ordering: acquire, pairs with {@link #abandonmentGetAndSetDetached}: what the receiver did before is
     * visible.
     */
    private @Nullable Object abandonmentAcquire() {
        return ABANDONMENT.getAcquire(this);
    }

    /**
     * Transition: null or Waker → Waker; sender's side only. It fails if the receiver was faster, or another
     * registration. Ordering: volatile. Its release half publishes the waker to {@link #abandonmentGetAndSetDetached},
     * its acquire half is that of {@link #abandonmentAcquire}.
     */
    private @Nullable Object abandonmentCompareAndExchange(@Nullable Object expected, Waker waker) {
        return ABANDONMENT.compareAndExchange(this, expected, waker);
    }

    /**
     * Transition: null or Waker → DETACHED; receiver only, once, after ABANDONED is in the slot. Ordering: volatile.
     * Its acquire half makes the waker's content visible, its release half pairs with {@link #abandonmentAcquire}.
     */
    private @Nullable Object abandonmentGetAndSetDetached() {
        return ABANDONMENT.getAndSet(this, DETACHED);
    }
}
