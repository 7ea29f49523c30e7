package io.multishot;

import io.multishot.SlotState.Waiter;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The wakers that wait for room in a table or queue. */
final class RoomWakers {
    /*
     * One reference: null, a waker, or a node that holds a waker and what was there before. All of them are taken and
     * called when a slot becomes free. One each would save calls, but a waker that does not use its slot would then
     * keep the others waiting beside a free one.
     *
     * Dekker: a registration writes the reference, then looks for a free slot. A thread that frees a slot changes its
     * word or the free list, then loads the reference. All four are volatile, so one of them finds what the other has
     * done.
     */
    private static final VarHandle WAITING = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "waiting", VarHandle.class, RoomWakers.class, Object.class);

    /** Read by every claim: volatile, second half of the Dekker pair. */
    private volatile @Nullable Object waiting;

    private static final class Node {
        private final Waker waker;
        private final Object before;

        Node(Waker waker, Object before) {
            this.waker = waker;
            this.before = before;
        }
    }

    /**
     * Adds a waker, unless it is there already. Transition: any → any with the waker, by CAS. Ordering: volatile, first
     * half of the Dekker pair; publishes the waker. If it is there already, the load is that half: the thread that
     * takes it calls it later. Loops while other threads register, and over what is there.
     */
    void register(Waker waker) {
        Object seen;
        do {
            seen = waiting;
            if (isIn(seen, waker)) {
                return;
            }
        } while (!WAITING.compareAndSet(this, seen, seen == null ? waker : new Node(waker, seen)));
    }

    private static boolean isIn(@Nullable Object seen, Waker waker) {
        Object at = seen;
        while (at instanceof Node node) {
            if (node.waker == waker) {
                return true;
            }
            at = node.before;
        }
        return at == waker;
    }

    /** Returns whether somebody waits; a hint, because it may change at any time. */
    boolean hasWakers() {
        return waiting != null;
    }

    /**
     * Calls all wakers that are registered, each once. Transition: any → null, by exchange. Ordering: volatile, so that
     * one caller gets them, with their content.
     */
    void wakeAll() {
        if (waiting == null) {
            return;
        }
        Object taken = WAITING.getAndSet(this, null);
        while (taken instanceof Node node) {
            wake(node.waker);
            taken = node.before;
        }
        if (taken instanceof Waker last) {
            wake(last);
        }
    }

    private static void wake(Waker waker) {
        try {
            waker.wake();
        } catch (Throwable thrown) {
            Waiter.reportUncaught(thrown);
        }
    }
}
