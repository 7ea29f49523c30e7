package io.multishot.benchmarks.report;

import java.util.List;

/**
 * A sample set in five numbers.
 *
 * @param count how many samples
 * @param min the least
 * @param lower a quarter of the samples is below
 * @param median half of them is below
 * @param upper three quarters are below
 * @param max the greatest
 */
public record Summary(int count, double min, double lower, double median, double upper, double max) {
    /**
     * Summarizes samples. Quantiles between two samples are interpolated.
     *
     * @param samples at least one
     * @return the summary
     */
    public static Summary of(List<Double> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
        double[] sorted =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Summary(
                sorted.length,
                sorted[0],
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                sorted[sorted.length - 1]);
    }

    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = (int) Math.ceil(place);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
