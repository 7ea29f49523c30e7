package io.multishot.examples.simulation;

import java.util.List;

/**
 * A mean and its 95 % confidence interval, from independent replications.
 *
 * <p>The mean is a ratio of sums. How far it may be off is estimated from what each replication contributes to it, and
 * Student's t says how wide the interval is for that many replications.
 *
 * @param mean the mean
 * @param halfWidth the interval reaches from this much below the mean to this much above
 * @param isRare whether fewer than half of the replications saw anything at all, so that the interval cannot be trusted
 */
record Estimate(double mean, double halfWidth, boolean isRare) {
    /** Of Student's t with 19 degrees of freedom, at 0.975. */
    static final double QUANTILE = 2.093024054408263;

    static Estimate of(List<Ratio> replications) {
        int count = replications.size();
        if (count != Plan.REPLICATIONS) {
            throw new IllegalArgumentException("the quantile is not for " + count + " replications");
        }
        double size = replications.stream().mapToDouble(Ratio::size).sum();
        double mean = replications.stream().mapToDouble(Ratio::sum).sum() / size;
        double squares = replications.stream()
                .mapToDouble(ratio -> ratio.sum() - mean * ratio.size())
                .map(residual -> residual * residual)
                .sum();
        double deviation = Math.sqrt(squares * count / (count - 1)) / size;
        long seen = replications.stream().filter(ratio -> ratio.sum() > 0).count();
        return new Estimate(mean, QUANTILE * deviation, 2 * seen < count);
    }

    boolean contains(double value) {
        return Math.abs(value - mean) <= halfWidth;
    }
}
