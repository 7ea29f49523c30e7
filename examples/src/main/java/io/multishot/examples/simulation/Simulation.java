package io.multishot.examples.simulation;

import io.multishot.examples.Invocation;
import io.multishot.examples.Reason;
import io.multishot.examples.Terminal;
import io.multishot.examples.Workers;
import io.multishot.examples.simulation.Experiment.Result;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Simulates waiting lines, and compares what it sees with what theory says.
 *
 * <p>The simulator is a small one for discrete events. Its models are tasks that query each other; each connection owns
 * one channel, which serves millions of queries, those that are given up included.
 */
@Command(
        name = "simulation",
        description = "Simulates waiting lines (M/M/1 and M/M/c) and prints what was seen beside the closed form. "
                + "The same arguments give the same standard output; how fast it was goes to standard error.",
        sortOptions = false,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:done", "1:something went wrong; standard error says what", "2:bad arguments"})
public final class Simulation implements Callable<Integer> {
    private static final double NANOS = 1e9;

    private final OutputStream out;
    private final PrintStream err;
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where the random numbers begin (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--arrival",
            paramLabel = "RATE",
            description = "How many customers arrive in a unit of time, on average (default: ${DEFAULT-VALUE}).")
    private double arrival = 0.8;

    @Option(
            names = "--service",
            paramLabel = "RATE",
            description = "How many a server serves in a unit of time, on average (default: ${DEFAULT-VALUE}).")
    private double service = 1;

    @Option(
            names = "--servers",
            paramLabel = "N",
            split = ",",
            description = "How many servers there are. Of several numbers each is simulated (default: 1,2).")
    private List<Integer> servers = List.of(1, 2);

    @Option(
            names = "--customers",
            paramLabel = "N",
            description = "How many customers are measured; those of the warm-up come before "
                    + "(default: 200000, or more if the load needs it).")
    private @Nullable Long customers;

    @Option(names = "--svg", paramLabel = "FILE", description = "Where to draw the length of the line over time.")
    private @Nullable Path svg;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "How many threads the models run on (default: one for each processor).")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    private Simulation(OutputStream out, PrintStream err, Terminal terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        int status = run(out, System.err, Terminal.ofThisProcess(), args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Runs the program and returns its exit status. */
    static int run(OutputStream out, PrintStream err, Terminal terminal, String... args) {
        return Invocation.run(new Simulation(out, err, terminal), out, err, args);
    }

    /** Called by picocli when it can read the arguments. */
    @Override
    public Integer call() {
        List<Experiment> experiments = experiments();
        try {
            List<Result> results = simulate(experiments);
            out.write(Report.of(results).getBytes(StandardCharsets.UTF_8));
            out.flush();
            return draw(results);
        } catch (IOException unwritten) {
            err.println("simulation: write error: " + Reason.of(unwritten));
        } catch (InterruptedException interrupted) {
            err.println("simulation: interrupted");
            Thread.currentThread().interrupt();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private List<Experiment> experiments() {
        try {
            return new Arguments(arrival, service, servers, customers, workers).experiments(seed);
        } catch (IllegalArgumentException bad) {
            throw new ParameterException(spec.commandLine(), bad.getMessage(), bad);
        }
    }

    private List<Result> simulate(List<Experiment> experiments) throws InterruptedException {
        long all = experiments.stream()
                .mapToLong(experiment -> experiment.plan().all())
                .sum();
        List<Result> results = new ArrayList<>();
        long start = System.nanoTime();
        ExecutorService executor = Executors.newFixedThreadPool(workers, Simulation::daemon);
        Workers running = new Workers(executor);
        try (Progress progress = new Progress(err, terminal, all);
                running) {
            for (Experiment experiment : experiments) {
                results.add(experiment.run(executor, progress));
            }
        }
        double seconds = (System.nanoTime() - start) / NANOS;
        List<Use> uses = results.stream()
                .flatMap(result -> result.tallies().stream())
                .map(Tally::use)
                .toList();
        err.print(Report.ofChannels(uses, workers, seconds));
        return results;
    }

    private int draw(List<Result> results) {
        if (svg == null) {
            return CommandLine.ExitCode.OK;
        }
        try {
            Chart.write(results, svg);
            return CommandLine.ExitCode.OK;
        } catch (IOException unwritten) {
            err.println("simulation: " + svg + ": " + Reason.of(unwritten));
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "simulation-worker");
        thread.setDaemon(true);
        return thread;
    }
}
