package io.multishot.benchmarks.report;

import io.multishot.benchmarks.Contender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Runs one scenario for all its contenders, each in a JVM of its own, one after the other. */
final class JmhRun {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private static final Map<String, Double> PERCENTILES =
            new TreeMap<>(Map.of("p50", 50.0, "p90", 90.0, "p99", 99.0, "p99.9", 99.9, "p99.99", 99.99));

    private final Effort effort;
    private final List<String> jvmArguments;

    JmhRun(Effort effort, List<String> jvmArguments) {
        this.effort = effort;
        this.jvmArguments = List.copyOf(jvmArguments);
    }

    /** What JMH calls percentiles, by their name here. */
    static boolean isPercentile(String metric) {
        return PERCENTILES.containsKey(metric);
    }

    /** The percentile of this name. */
    static double percentile(String metric) {
        return Objects.requireNonNull(PERCENTILES.get(metric));
    }

    /** The names of the benchmarks that a scenario has, for JMH. */
    static String pattern(Theme theme, String method) {
        return "\\.benchmarks\\." + theme.id() + "\\.\\w+\\." + method + "$";
    }

    /** The names of the contenders that this JDK has for a scenario. */
    static Set<String> contenders(Theme theme, String method) {
        OutputFormat silence = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
        return BenchmarkList.defaultList().find(silence, List.of(pattern(theme, method)), List.of()).stream()
                .map(entry -> contender(entry.getUserClassQName()).value())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Runs a scenario once. A contender that fails is missing in what this returns; the log says why. */
    List<Series> run(Theme theme, String method, Path log) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(pattern(theme, method))
                        .forks(1)
                        .warmupIterations(effort.warmups())
                        .warmupTime(TimeValue.milliseconds(effort.millis()))
                        .measurementIterations(effort.iterations())
                        .measurementTime(TimeValue.milliseconds(effort.millis()))
                        .jvmArgsPrepend(jvmArguments.toArray(String[]::new))
                        .addProfiler(GCProfiler.class)
                        .output(log.toString())
                        .build())
                .run();
        List<Series> series = new ArrayList<>();
        for (RunResult result : results) {
            series.addAll(convert(theme, result));
        }
        return series;
    }

    private static List<Series> convert(Theme theme, RunResult result) {
        BenchmarkParams parameters = result.getParams();
        List<Series> series = new ArrayList<>();
        if (parameters.getMode() == Mode.SampleTime) {
            Statistics times = result.getPrimaryResult().getStatistics();
            PERCENTILES.forEach((name, percentile) ->
                    series.add(one(theme, parameters, name, "ns", List.of(times.getPercentile(percentile)))));
            return series;
        }
        List<Double> times = new ArrayList<>();
        List<Double> bytes = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                times.add(iteration.getPrimaryResult().getScore());
                Result<?> allocated = iteration.getSecondaryResults().get(ALLOCATED);
                if (allocated != null) {
                    bytes.add(allocated.getScore());
                }
            }
        }
        series.add(one(theme, parameters, Series.TIME, "ns", times));
        series.add(one(theme, parameters, Series.BYTES, "B", bytes));
        return series;
    }

    private static Series one(
            Theme theme, BenchmarkParams parameters, String metric, String unit, List<Double> samples) {
        String name = parameters.getBenchmark();
        int dot = name.lastIndexOf('.');
        Contender contender = contender(name.substring(0, dot));
        StringBuilder scenario = new StringBuilder(name.substring(dot + 1));
        for (String key : parameters.getParamsKeys()) {
            scenario.append(String.format(Locale.ROOT, " %s=%s", key, parameters.getParam(key)));
        }
        return new Series(
                theme.id(),
                scenario.toString(),
                contender.value(),
                contender.role(),
                contender.place(),
                metric,
                unit,
                List.of(samples));
    }

    private static Contender contender(String className) {
        try {
            return Objects.requireNonNull(
                    Class.forName(className).getAnnotation(Contender.class), "no contender: " + className);
        } catch (ClassNotFoundException gone) {
            throw new IllegalStateException(gone);
        }
    }
}
