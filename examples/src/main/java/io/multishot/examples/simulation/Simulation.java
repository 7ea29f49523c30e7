package io.multishot.examples.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multishot.Receiver;
import io.multishot.examples.Console;
import io.multishot.examples.Workers;
import io.multishot.examples.simulation.QueueSimulation.Mean;
import io.multishot.examples.simulation.QueueSimulation.Result;
import io.multishot.examples.simulation.Scheduler.Counters;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Simulates waiting lines, and prints what is seen beside what theory says. The models are tasks that query each other
 * through channels, each of which serves hundreds of thousands of queries, those that are given up included.
 */
@Command(
        name = "simulation",
        description = "Simulates waiting lines (M/M/c) and prints what is seen beside the closed form. "
                + "The same arguments give the same standard output.",
        sortOptions = false,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:success", "1:failure; standard error says why", "2:bad arguments"})
public final class Simulation implements Callable<Integer> {
    private final OutputStream out;
    private final PrintStream err;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the random numbers (default: 1).")
    private long seed = 1;

    @Option(
            names = "--arrival",
            paramLabel = "RATE",
            description = "Mean number of arrivals in the mean time of a service (default: ${DEFAULT-VALUE}).")
    private double arrival = 0.8;

    @Option(
            names = "--servers",
            paramLabel = "N",
            split = ",",
            description = "Number of servers; simulates each of several numbers (default: 1,2).")
    private List<Integer> servers = List.of(1, 2);

    @Option(
            names = "--customers",
            paramLabel = "N",
            description = "Number of customers that are measured (default: ${DEFAULT-VALUE}).")
    private int customers = 200_000;

    @Option(names = "--svg", paramLabel = "FILE", description = "Where to draw the length of the line over time.")
    private @Nullable Path svg;

    @Option(names = "--workers", paramLabel = "N", description = "Number of threads (default: one for each processor).")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean help;

    Simulation(OutputStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Console.main(Simulation::new, args);
    }

    @Override
    public Integer call() throws Exception {
        Console.require(spec, workers >= 1 && workers <= 1000, "--workers: %d is not between 1 and 1000", workers);
        Console.require(spec, customers >= 1000, "--customers: %d is less than 1000", customers);
        List<MarkovQueue> queues = servers.stream().distinct().map(this::queue).toList();
        long start = System.nanoTime();
        List<Result> results = simulate(queues, customers, seed, workers);
        double seconds = (System.nanoTime() - start) / 1e9;
        Formatter figures = new Formatter(Locale.ROOT);
        results.forEach(result -> print(result, figures));
        out.write(figures.toString().getBytes(UTF_8));
        out.flush();
        long queries = results.stream()
                .mapToLong(result -> result.counters().queries.sum())
                .sum();
        err.printf(Locale.ROOT, "%,.0f queries per second on %d threads%n", queries / seconds, workers);
        if (svg != null) {
            Files.writeString(svg, Chart.svg(results));
        }
        return 0;
    }

    private MarkovQueue queue(int number) {
        Console.require(spec, number >= 1 && number <= 1000, "--servers: %d is not between 1 and 1000", number);
        boolean isServed = arrival >= 1e-6 && arrival < number;
        Console.require(
                spec, isServed, "--arrival: %s is not between 1e-6 and %d, the rate of the servers", arrival, number);
        return new MarkovQueue(arrival, number);
    }

    /** Runs all simulations concurrently, and receives their results through channels. */
    static List<Result> simulate(List<MarkovQueue> queues, long customers, long seed, int workers)
            throws InterruptedException {
        List<Receiver<Result>> receivers = new ArrayList<>();
        try (Workers threads = new Workers("simulation-worker", workers)) {
            for (MarkovQueue queue : queues) {
                Receiver<Result> receiver = new Receiver<>();
                receivers.add(receiver);
                new QueueSimulation(queue, customers, seed, threads, receiver.sender()).start();
            }
            List<Result> results = new ArrayList<>();
            for (Receiver<Result> receiver : receivers) {
                results.add(receiver.receive());
            }
            return results;
        } finally {
            receivers.forEach(Receiver::close);
        }
    }

    private void print(Result result, Formatter figures) {
        MarkovQueue queue = result.queue();
        figures.format(
                "%s: arrival rate %s, load %.5g, %,d customers, seed %d, patience of the inspector %.5g%n",
                queue, arrival, arrival / queue.servers(), customers, seed, queue.patience());
        figures.format("%-30s%14s%14s%n", "", "closed form", "simulated");
        for (Mean mean : result.means()) {
            figures.format("%-30s%14.5g%14.5g%n", mean.title(), mean.closedForm(), mean.simulated());
        }
        Counters counters = result.counters();
        figures.format(
                "%,d queries: %,d answered, %,d given up, %,d open at the end%n",
                counters.queries.sum(), counters.answered.sum(), counters.givenUp.sum(), counters.open());
        figures.format(
                "%,d late replies, all refused; %,d senders allocated%n%n",
                counters.refused.sum(), counters.senders.sum());
    }
}
