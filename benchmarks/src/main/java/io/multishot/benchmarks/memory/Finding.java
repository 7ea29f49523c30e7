package io.multishot.benchmarks.memory;

import java.util.Locale;

/**
 * One figure of a probe. Probes print one a line.
 *
 * @param metric what was measured
 * @param unit its unit
 * @param value how much
 */
public record Finding(String metric, String unit, double value) {
    private static final String PREFIX = "finding";

    /**
     * Tells whether a line of a probe is a finding.
     *
     * @param line the line
     * @return true if it is
     */
    public static boolean isFinding(String line) {
        return line.startsWith(PREFIX + "\t");
    }

    /**
     * Reads a line.
     *
     * @param line what {@link #toLine} has made
     * @return the finding
     */
    public static Finding parse(String line) {
        String[] parts = line.split("\t", -1);
        return new Finding(parts[1], parts[2], Double.parseDouble(parts[3]));
    }

    /**
     * Writes a line.
     *
     * @return the line
     */
    public String toLine() {
        return String.format(Locale.ROOT, "%s\t%s\t%s\t%s", PREFIX, metric, unit, value);
    }
}
