package io.multishot.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the benchmarks and writes JMH's results as JSON, tables as Markdown and charts as SVG. */
@Command(
        name = "report",
        description = "Runs the benchmarks and writes the results into a folder named after the JDK and the collector: "
                + "JMH's results of each pass as JSON, tables as Markdown, charts as SVG, and JMH's logs.",
        sortOptions = false)
public final class Report implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Length length;

    @Option(
            names = "--gc",
            paramLabel = "NAME",
            split = ",",
            description = "Garbage collectors: G1, Parallel, Serial, Z (default: ${DEFAULT-VALUE}).")
    private List<String> collectors = List.of("G1");

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "Only these chapters, as in round, or scenarios, as in round.ready.")
    private List<String> only = List.of();

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "The folder for the folders of results (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("results");

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean help;

    private Report() {}

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        System.exit(new CommandLine(new Report()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<Scenario> scenarios =
                Scenario.all().stream().filter(this::isWanted).toList();
        if (scenarios.isEmpty()) {
            System.err.println("no such benchmarks: " + only);
            return CommandLine.ExitCode.USAGE;
        }
        boolean complete = true;
        for (String collector : collectors) {
            String name = "jdk-" + Runtime.version().feature() + "-" + collector.toLowerCase(Locale.ROOT);
            complete &= run(scenarios, collector, Files.createDirectories(out.resolve(name)));
        }
        return complete ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private boolean isWanted(Scenario scenario) {
        if (!scenario.runsHere()) {
            return false;
        }
        if (only.isEmpty()) {
            return length.full || !scenario.isDetail();
        }
        return only.contains(scenario.chapter()) || only.contains(scenario.name());
    }

    /**
     * Runs all scenarios once a pass, and in each of them one contender after the other. Those that are compared run
     * within seconds of each other, so a slow phase of the machine does not hit one of them alone.
     *
     * @return whether every contender has a result of each pass
     */
    private boolean run(List<Scenario> scenarios, String collector, Path folder) throws Exception {
        Effort effort = length.full ? Effort.FULL : Effort.SHORT;
        boolean complete = true;
        Map<String, Table> tables = new LinkedHashMap<>();
        for (int pass = 1; pass <= effort.passes(); pass++) {
            List<RunResult> results = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                System.out.printf("pass %d of %d: %s%n", pass, effort.passes(), scenario.name());
                Path log = folder.resolve(scenario.name() + ".log");
                List<RunResult> measured = scenario.run(effort, "-XX:+Use" + collector + "GC", log);
                List<String> missing = scenario.missing(measured);
                if (!missing.isEmpty()) {
                    complete = false;
                    System.out.println("    failed: " + String.join(", ", missing) + "; see " + log);
                }
                Samples.of(measured)
                        .forEach((title, samples) ->
                                tables.computeIfAbsent(title, Table::new).addPass(samples));
                results.addAll(measured);
            }
            ResultFormatFactory.getInstance(
                            ResultFormatType.JSON,
                            folder.resolve("pass-" + pass + ".json").toString())
                    .writeOut(results);
            publish(tables.values(), collector, folder);
        }
        System.out.println("written: " + folder);
        return complete;
    }

    private static void publish(Iterable<Table> tables, String collector, Path folder) throws Exception {
        StringBuilder text = new StringBuilder("# Results\n\n").append(machine(collector));
        for (Table table : tables) {
            text.append("\n## ").append(table.title()).append("\n\n").append(table.markdown());
            if (table.hasRatios()) {
                Path file = folder.resolve(table.title().replaceAll("\\W+", "-") + ".svg");
                Files.writeString(file, Chart.svg(table));
            }
        }
        Files.writeString(folder.resolve("tables.md"), text);
    }

    private static String machine(String collector) throws IOException {
        Process git = new ProcessBuilder("git", "describe", "--always", "--dirty")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return String.format(
                "%s %s, %s collector, %d processors, %s %s; commit %s, %s.%n",
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"),
                collector,
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                git.inputReader().readLine(),
                LocalDate.now(ZoneOffset.UTC));
    }

    private static final class Length {
        @Option(names = "--short", required = true, description = "One pass, a quarter of an hour.")
        @SuppressWarnings("UnusedVariable") // what is not full is short
        private boolean brief;

        @Option(names = "--full", required = true, description = "Five passes, an hour and a half: figures to cite.")
        private boolean full;
    }
}
