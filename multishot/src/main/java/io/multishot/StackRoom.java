package io.multishot;

/** Makes sure that the stack has room for what must follow an atomic step, before that step is taken. */
final class StackRoom {
    /**
     * Found by experiment, on the JDKs that the build runs on, interpreted and compiled: with 16 none of 24,000 wakes
     * was lost, with 12 three were, without this check 767.
     */
    private static final int CALLS = 20;

    private StackRoom() {}

    /**
     * Throws a {@link StackOverflowError} if the library might run out of stack further on. The JVM cannot be asked how
     * much is left. So this takes what the library may need, and gives it back, in some 20 ns.
     */
    static void ensure() {
        descend(CALLS, 1, 2, 3, 4);
    }

    /** The values that are used after the call make the frame large, and the call one that a compiler must make. */
    private static long descend(int calls, long a, long b, long c, long d) {
        return calls == 0 ? a : descend(calls - 1, b, c, d, a + calls) ^ a ^ b ^ c ^ d;
    }
}
