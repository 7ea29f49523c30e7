package io.multishot.examples.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.multishot.Receiver;
import io.multishot.RequestTimeoutException;
import io.multishot.Sender;
import io.multishot.Task;
import io.multishot.examples.Console;
import io.multishot.examples.Progress;
import io.multishot.examples.wire.ClientOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the addresses of many names, as {@code dig +short} does, with many queries in flight. */
@Command(
        name = "resolve",
        description = "Reads names, one a line, and prints what \"dig +short NAME\" prints for each, in the same "
                + "order. Names that do not exist print nothing.",
        sortOptions = false,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:the server answered for every name",
            "1:for some it did not; standard error says why",
            "2:bad arguments"
        })
public final class Resolve implements Callable<Integer> {
    /** So few that the client has ids for them and for the orphans they leave if the server stalls. */
    private static final int MAX_IN_FLIGHT = DnsClient.MAX_CAPACITY / 8;

    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions(53);

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "How many times a query without a reply is repeated (default: ${DEFAULT-VALUE}).")
    int retries = 2;

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean help;

    private final BlockingQueue<Runnable> runs = new LinkedBlockingQueue<>();
    private long total;
    long failed;
    long repeated;

    Resolve(InputStream in, OutputStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Console.main((out, err) -> new Resolve(System.in, out, err), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check(spec);
        int inFlight = options.inFlight();
        Console.require(spec, inFlight <= MAX_IN_FLIGHT, "--in-flight: %d is more than %d", inFlight, MAX_IN_FLIGHT);
        Console.require(spec, retries >= 0, "--retries: %d is negative", retries);
        long start = System.nanoTime();
        DnsClient client = new DnsClient(options.server(spec), options.timeout(), DnsClient.MAX_CAPACITY);
        try (client;
                InputStream names = options.openBytes(in);
                Progress progress = new Progress("resolve", err)) {
            progress.start("names", Progress.UNKNOWN);
            lookUp(names, client, inFlight, progress);
        } finally {
            out.flush();
        }
        err.printf(
                Locale.ROOT,
                "names %,d, failed %,d, queries repeated %,d, replies refused %,d, names per second %,.0f%n",
                total,
                failed,
                repeated,
                client.table.refused(),
                total / ((System.nanoTime() - start) / 1e9));
        return failed == 0 ? 0 : 1;
    }

    /** Looks up the name on each line. This thread is the executor of all lookups, so nothing is locked. */
    void lookUp(InputStream input, DnsClient client, int inFlight, Progress progress)
            throws IOException, InterruptedException {
        BufferedReader names = new BufferedReader(new InputStreamReader(input, UTF_8));
        Queue<Lookup> busy = new ArrayDeque<>(); // in the order of the names
        Queue<Lookup> idle = new ArrayDeque<>();
        String name = "";
        while (name != null || !busy.isEmpty()) {
            while (name != null && (busy.isEmpty() || (busy.size() < inFlight && names.ready()))) {
                name = read(names);
                if (name != null && !name.isBlank()) {
                    Lookup lookup = idle.isEmpty() ? new Lookup(client) : idle.remove();
                    lookup.begin(name.strip());
                    busy.add(lookup);
                }
            }
            if (!busy.isEmpty()) {
                runs.take().run();
            }
            while (!busy.isEmpty() && busy.element().isDone()) {
                busy.element().print(progress);
                idle.add(busy.remove());
            }
        }
    }

    private static @Nullable String read(BufferedReader names) {
        try {
            return names.readLine();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the names: " + failure.getMessage(), failure);
        }
    }

    /** Looks up one name after the other, with one query in flight at a time. */
    private final class Lookup {
        private final DnsClient client;
        private final Receiver<Answer> receiver = Receiver.recycling();
        private final Task task = new Task(runs::add, this::step);
        private String name = "";
        private Question question = Question.addressesOf(".");
        private int queries;

        /** The sender of the next query; null while one is in flight. */
        private @Nullable Sender<Answer> sender;

        private @Nullable Answer answer;
        private @Nullable String problem;

        Lookup(DnsClient client) {
            this.client = client;
        }

        void begin(String name) {
            this.name = name;
            answer = null;
            problem = null;
            queries = 0;
            try {
                question = Question.addressesOf(name);
                sender = receiver.sender();
            } catch (IllegalArgumentException unusable) {
                problem = "" + unusable.getMessage();
            }
            task.wake();
        }

        boolean isDone() {
            return answer != null || problem != null;
        }

        /** Goes on until there is something to wait for, which then wakes the task. */
        private void step() {
            while (!isDone()) {
                if (sender != null) {
                    // tag::wire-room[]
                    if (!client.ask(question, sender)) {
                        client.onRoom(task); // which asks again
                        return;
                    }
                    // end::wire-room[]
                    sender = null;
                    queries++;
                }
                switch (receiver.poll(task)) {
                    case PENDING -> {
                        return;
                    }
                    case READY -> answer = receiver.take();
                    default -> onFailure(receiver.takeFailure());
                }
            }
        }

        private void onFailure(Throwable cause) {
            if (!(cause instanceof RequestTimeoutException)) {
                problem = "" + cause.getMessage();
            } else if (queries > retries) {
                problem = "no reply to " + queries + (queries == 1 ? " query" : " queries");
            } else {
                repeated++;
                sender = receiver.sender();
            }
        }

        void print(Progress progress) throws IOException {
            total++;
            if (answer != null) {
                for (String each : answer.records()) {
                    out.write((each + "\n").getBytes(US_ASCII));
                }
            } else {
                failed++;
                progress.problem(name + ": " + problem);
            }
            progress.step();
            if (progress.isInteractive()) {
                out.flush();
            }
        }
    }
}
