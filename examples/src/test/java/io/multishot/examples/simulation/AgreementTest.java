package io.multishot.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.examples.Terminal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The closed forms lie in the intervals, as often as they should. Seeds are the first numbers there are; nothing here
 * is chosen by its outcome. Without assertions, because checked channels take ten times as long.
 */
@Tag("unchecked")
class AgreementTest {
    private static final ExecutorService EXECUTOR = Executors.newSingleThreadExecutor();

    @AfterAll
    static void shutDown() {
        EXECUTOR.shutdown();
    }

    /** 50 intervals for each measure: 47.5 on average, 43 or more with a probability of 99 %. */
    @Test
    void theoryLiesInsideForSeveralSeedsAndLoads() throws InterruptedException {
        List<Load> loads = List.of(
                new Load(0.1, 1, 1), new Load(0.5, 1, 1), new Load(8, 10, 1), new Load(1, 1, 2), new Load(3, 1, 4));
        Map<Measure, Integer> inside = new EnumMap<>(Measure.class);
        for (Load load : loads) {
            Plan plan = Plan.of(load, Plan.leastCustomers(load));
            for (Map<Measure, Estimate> estimates : estimates(load, plan, 10)) {
                count(estimates, new Theory(load), inside);
            }
        }
        assertThat(inside.values())
                .as("%s", inside)
                .hasSize(Measure.values().length)
                .allMatch(count -> count >= 43);
    }

    /** 200 intervals: 190 on average; 180 and 199 are three standard deviations away. */
    @Test
    void theIntervalsHoldWhat95PercentPromiseAndTellAWrongTheoryFromTheRightOne() throws InterruptedException {
        Load load = new Load(1, 1, 2);
        List<Map<Measure, Estimate>> seeds = estimates(load, new Plan(6_000, 85), 200);
        Map<Measure, Integer> right = new EnumMap<>(Measure.class);
        Map<Measure, Integer> wrong = new EnumMap<>(Measure.class);
        for (Map<Measure, Estimate> estimates : seeds) {
            count(estimates, new Theory(load), right);
            count(estimates, new Theory(new Load(1.1, 1, 2)), wrong);
        }
        assertThat(right.values())
                .as("%s", right)
                .hasSize(Measure.values().length)
                .allMatch(count -> count >= 180 && count <= 199);
        assertThat(wrong.values())
                .as("%s", wrong)
                .hasSize(Measure.values().length)
                .allMatch(count -> count < 180);
    }

    /** Short replications, in which an empty line at the beginning would be seen. */
    @Test
    void theWarmUpIsNeededAndLongEnough() throws InterruptedException {
        Load load = new Load(0.5, 1, 1);
        long customers = 60 * Plan.REPLICATIONS;

        assertThat(deviation(load, Plan.of(load, customers))).isBetween(-4.0, 4.0);
        assertThat(deviation(load, new Plan(customers, 1))).isLessThan(-4);
    }

    /** How far the number in system is off on average, in standard errors. */
    private static double deviation(Load load, Plan plan) throws InterruptedException {
        double expected = new Theory(load).numberInSystem();
        double[] errors = estimates(load, plan, 200).stream()
                .mapToDouble(
                        estimates -> estimates.get(Measure.NUMBER_IN_SYSTEM).mean() - expected)
                .toArray();
        double mean = Arrays.stream(errors).average().orElseThrow();
        double variance = Arrays.stream(errors)
                        .map(error -> (error - mean) * (error - mean))
                        .sum()
                / (errors.length - 1);
        return mean / Math.sqrt(variance / errors.length);
    }

    private static List<Map<Measure, Estimate>> estimates(Load load, Plan plan, int seeds) throws InterruptedException {
        List<Map<Measure, Estimate>> estimates = new ArrayList<>();
        try (Progress progress = new Progress(System.err, Terminal.NONE, plan.all())) {
            for (int seed = 1; seed <= seeds; seed++) {
                estimates.add(
                        new Experiment(load, plan, seed).run(EXECUTOR, progress).estimates());
            }
        }
        return estimates;
    }

    private static void count(Map<Measure, Estimate> estimates, Theory theory, Map<Measure, Integer> inside) {
        estimates.forEach((measure, estimate) ->
                inside.merge(measure, estimate.contains(measure.closedForm(theory)) ? 1 : 0, Integer::sum));
    }
}
