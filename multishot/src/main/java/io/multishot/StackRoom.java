package io.multishot;

/** Makes sure that the stack has room for what must follow an atomic step, before that step is taken. */
final class StackRoom {
    /**
     * For what follows one step: to notify a waiter, or to undo the step. Found by experiment, on JDK 17 and 25, near
     * the end of a stack: of 48,000 tasks that were woken, none was left asleep with 16, three with 12, and 766 without
     * this check.
     */
    static final int TO_NOTIFY = 24;

    /** For a use of a sender, which makes sure that there is room to notify. */
    static final int TO_USE_SENDER = TO_NOTIFY + 8;

    private StackRoom() {}

    /**
     * Throws a {@link StackOverflowError} if there is no room for so many nested calls of a small method. The JVM
     * cannot be asked how much is left. So this takes what the library may need, and gives it back, in some 30 ns.
     */
    static void ensure(int calls) {
        descend(calls, 1, 2, 3, 4);
    }

    /** The values that are used after the call make the frame large, and the call one that a compiler must make. */
    private static long descend(int calls, long a, long b, long c, long d) {
        return calls == 0 ? a : descend(calls - 1, b, c, d, a + calls) ^ a ^ b ^ c ^ d;
    }
}
