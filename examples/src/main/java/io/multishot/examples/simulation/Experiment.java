package io.multishot.examples.simulation;

import io.multishot.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A waiting line, and how it is simulated.
 *
 * @param load the waiting line
 * @param plan how much of it is simulated
 * @param seed where the random numbers begin
 */
record Experiment(Load load, Plan plan, long seed) {
    private static final Duration REFRESH = Duration.ofMillis(100);

    /** Runs all replications side by side and waits for them. Their results come through channels, in their order. */
    Result run(Executor executor, Progress progress) throws InterruptedException {
        List<Receiver<Tally>> results =
                Stream.generate(Receiver<Tally>::new).limit(Plan.REPLICATIONS).toList();
        try {
            for (int i = 0; i < results.size(); i++) {
                new Replication(
                                load,
                                plan,
                                seed,
                                i,
                                executor,
                                progress.customers(),
                                results.get(i).sender())
                        .start();
            }
            List<Tally> tallies = new ArrayList<>();
            for (Receiver<Tally> result : results) {
                tallies.add(await(result, progress));
            }
            return new Result(this, tallies);
        } finally {
            results.forEach(Receiver::close);
        }
    }

    private static Tally await(Receiver<Tally> result, Progress progress) throws InterruptedException {
        while (true) {
            try {
                return result.receive(REFRESH);
            } catch (TimeoutException notYet) {
                progress.show();
            }
        }
    }

    /**
     * What came of it.
     *
     * @param experiment what was simulated
     * @param tallies what each replication has seen
     */
    record Result(Experiment experiment, List<Tally> tallies) {
        /** Each measure, estimated from all replications. */
        Map<Measure, Estimate> estimates() {
            Map<Measure, Estimate> estimates = new EnumMap<>(Measure.class);
            for (Measure measure : Measure.values()) {
                estimates.put(
                        measure,
                        Estimate.of(tallies.stream()
                                .map(tally -> tally.measures().get(measure))
                                .toList()));
            }
            return estimates;
        }

        /** How the channels of all replications were used. */
        Use use() {
            return tallies.stream().map(Tally::use).reduce(Use.NONE, Use::plus);
        }

        /** How long the line was at first, in the first replication. */
        Trace trace() {
            return tallies.get(0).trace();
        }
    }
}
