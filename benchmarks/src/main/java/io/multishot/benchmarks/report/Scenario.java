package io.multishot.benchmarks.report;

import com.google.common.collect.ImmutableSortedSet;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.VirtualThreads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The benchmarks that are compared with each other: the methods of one name in all classes of a chapter.
 *
 * @param name the last part of the package's name, which is the chapter, and the name of the methods
 * @param contenders the names of those that have such a method
 */
record Scenario(String name, ImmutableSortedSet<String> contenders) {
    /** Scenarios that refine others. They are left out when time is short. */
    static final Set<String> DETAILS = Set.of(
            "round.failed",
            "round.replaced",
            "round.tried",
            "round.recycled",
            "neighbours.pairs",
            "remote.ipcThroughput",
            "remote.udpThroughput");

    static final Set<String> ON_VIRTUAL_THREADS = Set.of("ask.virtual", "memory.waiting");

    /** Chapters about memory itself, whose pages are as they come. */
    private static final Set<String> OF_MEMORY = Set.of("memory", "growth", "neighbours");

    /**
     * Both sides and the driver compile longer than a channel does: after a second, a request took twenty times as
     * long.
     */
    private static final String REMOTE = "remote";

    private static final int REMOTE_WARMUP = 5;

    /** In all others the heap has its pages before: for some seconds, garbage would cost a page fault for each 4 KB. */
    private static final List<String> TOUCHED_HEAP = List.of("-XX:+AlwaysPreTouch", "-XX:+UseTransparentHugePages");

    private static final String PACKAGE = "io.multishot.benchmarks.";

    /** Returns all scenarios that JMH finds on the class path. */
    static List<Scenario> all() {
        Map<String, Set<String>> contenders = new TreeMap<>();
        for (BenchmarkListEntry entry : BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())) {
            contenders
                    .computeIfAbsent(nameOf(entry.getUsername()), name -> new TreeSet<>())
                    .add(contender(entry.getUsername()).value());
        }
        return contenders.entrySet().stream()
                .map(entry -> new Scenario(entry.getKey(), ImmutableSortedSet.copyOf(entry.getValue())))
                .toList();
    }

    /** Returns the name of the scenario that a benchmark belongs to. */
    static String nameOf(String benchmark) {
        String name = benchmark.substring(PACKAGE.length());
        return name.substring(0, name.indexOf('.')) + name.substring(name.lastIndexOf('.'));
    }

    /** Returns the contender of a benchmark, which JMH names by class and method, nested classes with dots. */
    static Contender contender(String benchmark) {
        String name = benchmark.substring(0, benchmark.lastIndexOf('.'));
        while (true) {
            try {
                return Objects.requireNonNull(
                        Class.forName(name).getAnnotation(Contender.class), "no @Contender: " + name);
            } catch (ClassNotFoundException nested) {
                int dot = name.lastIndexOf('.');
                if (dot < PACKAGE.length()) {
                    throw new IllegalArgumentException("no such benchmark: " + benchmark, nested);
                }
                name = name.substring(0, dot) + "$" + name.substring(dot + 1);
            }
        }
    }

    String chapter() {
        return name.substring(0, name.indexOf('.'));
    }

    private String method() {
        return name.substring(name.indexOf('.') + 1);
    }

    boolean isDetail() {
        return DETAILS.contains(name);
    }

    boolean runsHere() {
        return VirtualThreads.exist() || !ON_VIRTUAL_THREADS.contains(name);
    }

    /** Runs all contenders once, each in a JVM of its own. The result of one that fails is missing. */
    List<RunResult> run(Effort effort, String jvmArgument, Path log) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\.benchmarks\\." + chapter() + "\\.[\\w.]+\\." + method() + "$")
                .forks(1)
                .addProfiler(GCProfiler.class)
                .output(log.toString());
        List<String> jvmArguments = new ArrayList<>(List.of(jvmArgument));
        if (!OF_MEMORY.contains(chapter())) {
            jvmArguments.addAll(TOUCHED_HEAP);
        }
        options.jvmArgsPrepend(jvmArguments.toArray(String[]::new));
        if (chapter().equals("memory")) {
            options.param("threads", Integer.toString(effort.threads()))
                    .measurementTime(TimeValue.seconds(effort.seconds()));
        } else {
            long warmup = chapter().equals(REMOTE) ? REMOTE_WARMUP : 1;
            options.warmupIterations(effort.warmups())
                    .warmupTime(TimeValue.milliseconds(warmup * effort.millis()))
                    .measurementIterations(effort.iterations())
                    .measurementTime(TimeValue.milliseconds(effort.millis()));
        }
        return List.copyOf(new Runner(options.build()).run());
    }

    /** Returns the names of the contenders that have no result. */
    List<String> missing(List<RunResult> results) {
        Set<String> missing = new TreeSet<>(contenders);
        results.forEach(result ->
                missing.remove(contender(result.getParams().getBenchmark()).value()));
        return List.copyOf(missing);
    }
}
