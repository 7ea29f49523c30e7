package io.multishot.benchmarks.report;

import io.multishot.benchmarks.memory.Finding;
import io.multishot.benchmarks.memory.Probe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Runs the memory probes, each in a JVM of its own. */
final class MemoryRun {
    private final Effort effort;
    private final List<String> jvmArguments;

    MemoryRun(Effort effort, List<String> jvmArguments) {
        this.effort = effort;
        this.jvmArguments = List.copyOf(jvmArguments);
    }

    /** The names of the contenders of a probe. */
    static Set<String> contenders(String scenario) {
        return probe(scenario).rows().stream().map(Probe.Row::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Runs a probe once for each contender. One that fails is missing in what this returns; the log says why. */
    List<Series> run(String scenario, Path log) throws IOException {
        Probe probe = probe(scenario);
        Files.deleteIfExists(log);
        List<Series> series = new ArrayList<>();
        for (Probe.Row row : probe.rows()) {
            for (Finding finding : findings(probe, row.name(), log)) {
                series.add(new Series(
                        Theme.MEMORY.id(),
                        scenario,
                        row.name(),
                        row.role(),
                        row.place(),
                        finding.metric(),
                        finding.unit(),
                        List.of(List.of(finding.value()))));
            }
        }
        return series;
    }

    private List<Finding> findings(Probe probe, String contender, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.add("-Xmx" + heap(probe));
        command.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
        command.addAll(List.of(probe.name(), contender, Integer.toString(amount(probe))));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            return lines.lines().filter(Finding::isFinding).map(Finding::parse).toList();
        } catch (UncheckedIOException broken) {
            throw broken.getCause();
        }
    }

    private static Probe probe(String scenario) {
        return Probe.valueOf(scenario.toUpperCase(Locale.ROOT));
    }

    private String heap(Probe probe) {
        return switch (probe) {
            case IDLE -> "2g";
            case WAITING -> effort.detail() ? "16g" : "4g";
            case ASKING -> "64m";
        };
    }

    /** A million channels and threads and a minute, if there is time. */
    private int amount(Probe probe) {
        return switch (probe) {
            case IDLE -> 1_000_000;
            case WAITING -> effort.detail() ? 1_000_000 : 100_000;
            case ASKING -> effort.detail() ? 60 : 5;
        };
    }
}
