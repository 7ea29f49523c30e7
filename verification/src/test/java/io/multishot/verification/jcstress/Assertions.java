package io.multishot.verification.jcstress;

/** The third level of protection, for one test: each test has a JVM of its own, and that starts without assertions. */
final class Assertions {
    private Assertions() {}

    /** To be called before the library is loaded. */
    static void enable() {
        Assertions.class.getClassLoader().setPackageAssertionStatus("io.multishot", true);
    }
}
