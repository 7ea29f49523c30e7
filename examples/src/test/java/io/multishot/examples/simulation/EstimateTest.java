package io.multishot.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EstimateTest {
    /** The integral of Student's density up to the quantile is 0.475; by Simpson's rule. */
    @Test
    void theQuantileIsThatOfStudentsT() {
        int freedom = Plan.REPLICATIONS - 1;
        int steps = 10_000;
        double step = Estimate.QUANTILE / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.pow(1 + Math.pow(i * step, 2) / freedom, -(freedom + 1) / 2.0);
        }
        // For 19 degrees of freedom: gamma(10) / (sqrt(19 pi) gamma(9.5)), where gamma(9.5) = 17!! sqrt(pi) / 2^9.
        double normalisation = 362_880.0 * 512 / (34_459_425.0 * Math.PI * Math.sqrt(freedom));

        assertThat(normalisation * sum * step / 3).isCloseTo(0.475, within(1e-12));
    }

    @Test
    void replicationsOfOneSizeGiveTheIntervalOfAMean() {
        // 0 to 19: the mean is 9.5, the sample variance 35.
        Estimate estimate = Estimate.of(replications(i -> new Ratio(i, 1)));

        assertThat(estimate.mean()).isEqualTo(9.5);
        assertThat(estimate.halfWidth()).isCloseTo(Estimate.QUANTILE * Math.sqrt(35.0 / 20), within(1e-12));
        assertThat(estimate.contains(9.5 + 2.76)).isTrue();
        assertThat(estimate.contains(9.5 - 2.76)).isTrue();
        assertThat(estimate.contains(9.5 + 2.78)).isFalse();
        assertThat(estimate.contains(9.5 - 2.78)).isFalse();
    }

    @Test
    void largerReplicationsCountForMore() {
        Estimate estimate = Estimate.of(replications(i -> i == 0 ? new Ratio(0, 81) : new Ratio(1, 1)));

        assertThat(estimate.mean()).isEqualTo(0.19);
    }

    @Test
    void sumsInProportionLeaveNoDoubt() {
        Estimate estimate = Estimate.of(replications(i -> new Ratio(2.0 * (i + 1), i + 1)));

        assertThat(estimate).isEqualTo(new Estimate(2, 0, false));
    }

    @Test
    void whatFewerThanHalfHaveSeenIsRare() {
        assertThat(Estimate.of(replications(i -> new Ratio(i < 9 ? 1 : 0, 1))).isRare())
                .isTrue();
        assertThat(Estimate.of(replications(i -> new Ratio(i < 10 ? 1 : 0, 1))).isRare())
                .isFalse();
    }

    @Test
    void theQuantileIsForNoOtherNumber() {
        assertThatThrownBy(() -> Estimate.of(List.of(new Ratio(1, 1)))).hasMessageContaining("not for 1 replications");
    }

    private static List<Ratio> replications(java.util.function.IntFunction<Ratio> replication) {
        return IntStream.range(0, Plan.REPLICATIONS).mapToObj(replication).toList();
    }
}
