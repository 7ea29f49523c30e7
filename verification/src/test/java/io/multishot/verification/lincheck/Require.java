package io.multishot.verification.lincheck;

/** Assertions inside a scenario. They are minimal because all code there is instrumented and adds interleavings. */
final class Require {
    private Require() {}

    static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("violated: " + what);
        }
    }
}
