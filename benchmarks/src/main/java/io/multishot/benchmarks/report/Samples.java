package io.multishot.benchmarks.report;

import io.multishot.benchmarks.Contender;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/** What one contender measured in one pass: for each metric, in the order of the columns, the samples. */
final class Samples {
    /** The metric that the ratios are computed of: the average time of an operation in an iteration. */
    static final String TIME = "ns";

    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

    private final Map<String, List<Double>> byMetric = new LinkedHashMap<>();

    /** Sorts JMH's results by the title of their table and by contender. */
    static Map<String, Map<Contender, Samples>> of(List<RunResult> results) {
        Map<String, Map<Contender, Samples>> tables = new LinkedHashMap<>();
        for (RunResult result : results) {
            BenchmarkParams parameters = result.getParams();
            tables.computeIfAbsent(title(parameters), title -> new LinkedHashMap<>())
                    .computeIfAbsent(Scenario.contender(parameters.getBenchmark()), contender -> new Samples())
                    .add(result);
        }
        return tables;
    }

    Map<String, List<Double>> byMetric() {
        return byMetric;
    }

    List<Double> times() {
        return byMetric.getOrDefault(TIME, List.of());
    }

    void add(String metric, double sample) {
        byMetric.computeIfAbsent(metric, name -> new ArrayList<>()).add(sample);
    }

    private void add(RunResult result) {
        Mode mode = result.getParams().getMode();
        if (mode == Mode.SampleTime) {
            Statistics times = result.getPrimaryResult().getStatistics();
            for (double percentile : PERCENTILES) {
                String name = "p" + (percentile == Math.rint(percentile) ? "" + (int) percentile : "" + percentile);
                add(name + ", ns", times.getPercentile(percentile));
            }
            return;
        }
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                if (mode == Mode.AverageTime) {
                    add(TIME, iteration.getPrimaryResult().getScore());
                }
                iteration
                        .getSecondaryResults()
                        .forEach((label, secondary) -> add(result.getParams(), label, secondary.getScore()));
            }
        }
    }

    /** Adds the bytes and collections that the profiler found, and the counters that a benchmark has of its own. */
    private void add(BenchmarkParams parameters, String label, double score) {
        boolean isSteady = parameters.getMode() == Mode.AverageTime;
        if (!label.startsWith("gc.")) {
            add(label, score);
        } else if (isSteady && label.equals("gc.alloc.rate.norm")) {
            add("bytes", score);
        } else if (isSteady
                && label.equals("gc.count")
                && Scenario.nameOf(parameters.getBenchmark()).startsWith("memory.")) {
            add("collections", score);
        }
    }

    private static String title(BenchmarkParams parameters) {
        StringBuilder title = new StringBuilder(Scenario.nameOf(parameters.getBenchmark()));
        parameters
                .getParamsKeys()
                .forEach(key -> title.append(' ').append(key).append('=').append(parameters.getParam(key)));
        return title.toString();
    }
}
