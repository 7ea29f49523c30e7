package io.multishot.benchmarks.report;

/**
 * How long the benchmarks run.
 *
 * @param passes how often all benchmarks run, each time in a new JVM
 * @param warmups iterations before the measurement
 * @param iterations iterations that are measured
 * @param millis the length of an iteration
 * @param threads how many virtual threads wait in {@code memory.waiting}
 * @param seconds how long {@code memory.asking} asks
 */
record Effort(int passes, int warmups, int iterations, int millis, int threads, int seconds) {
    static final Effort SHORT = new Effort(1, 3, 5, 100, 100_000, 5);

    /** Passes tell more about the spread than long iterations do. */
    static final Effort FULL = new Effort(5, 5, 5, 200, 1_000_000, 60);
}
