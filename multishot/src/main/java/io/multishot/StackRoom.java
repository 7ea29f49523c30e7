package io.multishot;

import io.multishot.SlotState.Waiter;
import io.multishot.SlotState.WakerWaiter;
import org.jspecify.annotations.Nullable;

/** Makes sure that the stack has room for what must follow an atomic step, before that step is taken. */
final class StackRoom {
    /**
     * For what follows one step: to notify a waiter, or to undo the step. Found by experiment: with this,
     * FaultInjectionTest loses nothing in 200,000 attempts near the end of a stack, on JDK 17 and 25, interpreted and
     * compiled. The depth is small because a model checker takes a deep recursion for an endless one.
     */
    static final int TO_NOTIFY = 8;

    /**
     * For a use of a sender, which makes sure of the room to notify. With 14, code that had hardly run lost requests.
     */
    static final int TO_USE_SENDER = TO_NOTIFY + 8;

    /** For what follows when a slot or place is taken: to set the details of its request, and to open it. */
    static final int TO_OPEN = 6;

    private StackRoom() {}

    /** Makes sure of the room to notify this waiter, if it is one. Called before the sender is consumed. */
    static void ensureToNotify(@Nullable Object waiter) {
        if (isNeeded(waiter)) {
            ensure(TO_NOTIFY);
        }
    }

    /**
     * Makes sure of the room to use this sender. Called before its request is claimed: what is claimed must be used.
     */
    static void ensureToUse(@Nullable Sender<?> sender) {
        if (sender != null && isNeeded(sender.slotAcquire())) {
            ensure(TO_USE_SENDER);
        }
    }

    /** Makes sure of the room to call those who wait for a slot or place. Called before one becomes free. */
    static void ensureToWake(RoomWakers wakers) {
        if (wakers.hasWakers()) {
            ensure(TO_USE_SENDER);
        }
    }

    /** Makes sure of the room to request a run of this task, if it is idle. Called before it is woken. */
    static void ensureToRun(Task task) {
        if (task.isIdle()) {
            ensure(TO_NOTIFY);
        }
    }

    /**
     * Returns whether it takes room to notify this waiter. Nobody knows what a waker of the user's takes, so it is not
     * counted in, and costs nothing here.
     */
    private static boolean isNeeded(@Nullable Object waiter) {
        return waiter instanceof WakerWaiter known
                ? known.waker instanceof Task task && task.isIdle()
                : waiter instanceof Waiter;
    }

    /**
     * Throws a {@link StackOverflowError} if there is no room for so many nested calls of a method with a large frame.
     * The JVM cannot be asked how much is left. So this takes what the library may need, and gives it back, in some 50
     * ns.
     */
    static void ensure(int calls) {
        descend(calls, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    }

    /** The values that are used after the call make the frame large, and the call one that a compiler must make. */
    private static long descend(
            int calls,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            long g,
            long h,
            long i,
            long j,
            long k,
            long l,
            long m,
            long n,
            long o,
            long p) {
        long below = calls == 0 ? a : descend(calls - 1, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, a + calls);
        return below ^ a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j ^ k ^ l ^ m ^ n ^ o ^ p;
    }
}
