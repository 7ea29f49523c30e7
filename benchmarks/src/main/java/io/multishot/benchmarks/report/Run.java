package io.multishot.benchmarks.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.openjdk.jmh.runner.RunnerException;

/**
 * One run of the report with one collector. It goes pass by pass through all scenarios, and in each through all
 * contenders, so that those who are compared run within seconds of each other, and a slow phase of the machine cannot
 * hit one of them only.
 */
public final class Run {
    private static final Path LOGS = Path.of("target", "report");

    private final long start = System.nanoTime();
    private final Effort effort;
    private final String collector;
    private final List<String> only;
    private final Path folder;
    private final PrintStream out;

    /**
     * Prepares a run.
     *
     * @param effort how long
     * @param collector which garbage collector
     * @param only the themes and scenarios to run; all if empty
     * @param folder where the results go
     * @param out where progress is told
     */
    public Run(Effort effort, String collector, List<String> only, Path folder, PrintStream out) {
        this.effort = effort;
        this.collector = collector;
        this.only = List.copyOf(only);
        this.folder = folder;
        this.out = out;
    }

    /**
     * The name of the folder for this JDK and a collector.
     *
     * @param collector the collector
     * @return the name
     */
    public static String folder(String collector) {
        return "jdk-" + Runtime.version().feature() + "-" + collector.toLowerCase(Locale.ROOT);
    }

    /**
     * Runs, and writes the results after each pass.
     *
     * @throws IOException if the results cannot be written
     * @throws RunnerException if JMH cannot run
     */
    public void run() throws IOException, RunnerException {
        Machine machine = Machine.here(collector);
        Results results = new Results(machine, kept(machine));
        for (int pass = 1; pass <= effort.passes(); pass++) {
            for (Theme theme : Theme.values()) {
                for (Theme.Scenario scenario : theme.scenarios()) {
                    if (isWanted(theme, scenario) && (pass == 1 || !scenario.isOnce())) {
                        tell(pass, theme, scenario);
                        results = results.with(pass, run(theme, scenario));
                    }
                }
            }
            ResultFiles.write(results, folder);
        }
    }

    private void tell(int pass, Theme theme, Theme.Scenario scenario) {
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        out.printf(Locale.ROOT, "%4d s, pass %d of %d: ", seconds, pass, effort.passes());
        out.println(theme.id() + "." + scenario.method());
    }

    private List<Series> run(Theme theme, Theme.Scenario scenario) throws IOException, RunnerException {
        String method = scenario.method();
        Path log = Files.createDirectories(LOGS).resolve(theme.id() + "." + method + ".log");
        List<String> jvmArguments = List.of("-XX:+Use" + collector + "GC");
        List<Series> found;
        Set<String> missing;
        if (theme == Theme.MEMORY) {
            found = new MemoryRun(effort, jvmArguments).run(method, log);
            missing = MemoryRun.contenders(method);
        } else {
            found = new JmhRun(effort, jvmArguments).run(theme, method, log);
            missing = JmhRun.contenders(theme, method);
        }
        found.forEach(series -> missing.remove(series.contender()));
        if (!missing.isEmpty()) {
            out.println("        failed: " + String.join(", ", missing) + "; see " + log);
        }
        return found;
    }

    /** What an earlier run has measured of the same commit, here, and this one does not measure again. */
    private List<Series> kept(Machine machine) throws IOException {
        List<Series> kept = new ArrayList<>();
        if (!only.isEmpty() && Files.exists(folder)) {
            Results earlier = ResultFiles.read(folder);
            for (Series series : earlier.machine().equals(machine) ? earlier.series() : List.<Series>of()) {
                String scenario = series.scenario().split(" ", 2)[0];
                if (!only.contains(series.theme()) && !only.contains(series.theme() + "." + scenario)) {
                    kept.add(series);
                }
            }
        }
        return kept;
    }

    private boolean isWanted(Theme theme, Theme.Scenario scenario) {
        if (!scenario.runsOn(Runtime.version().feature())) {
            return false;
        }
        if (only.isEmpty()) {
            return effort.detail() || !scenario.isDetail();
        }
        return only.contains(theme.id()) || only.contains(theme.id() + "." + scenario.method());
    }
}
