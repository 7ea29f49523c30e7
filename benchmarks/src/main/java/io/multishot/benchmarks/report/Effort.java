package io.multishot.benchmarks.report;

/**
 * How long each benchmark runs.
 *
 * @param passes how often all benchmarks run, each time in a new JVM
 * @param warmups iterations before the measurement
 * @param iterations iterations that are measured
 * @param millis the length of an iteration
 * @param detail whether the scenarios run that refine others
 */
public record Effort(int passes, int warmups, int iterations, int millis, boolean detail) {
    /** For a look: under ten minutes in all. */
    public static final Effort SHORT = new Effort(1, 3, 5, 100, false);

    /**
     * For figures to cite: an hour and a half with two processors. Passes tell more of the spread than long iterations
     * do.
     */
    public static final Effort FULL = new Effort(5, 5, 5, 200, true);
}
