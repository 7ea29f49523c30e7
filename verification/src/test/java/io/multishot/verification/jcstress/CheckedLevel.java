package io.multishot.verification.jcstress;

/** Enables the library's assertions in one test: jcstress gives each test a JVM of its own, without assertions. */
final class CheckedLevel {
    private CheckedLevel() {}

    /** Enables the assertions; must be called before the library is loaded. */
    static void enable() {
        CheckedLevel.class.getClassLoader().setPackageAssertionStatus("io.multishot", true);
    }
}
