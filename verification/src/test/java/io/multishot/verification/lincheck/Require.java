package io.multishot.verification.lincheck;

/** Assertions inside a scenario: plain ones, for whatever runs there is instrumented and multiplies interleavings. */
final class Require {
    private Require() {}

    static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("violated: " + what);
        }
    }
}
