package io.multishot.examples.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.multishot.Receiver;
import io.multishot.RequestTimeoutException;
import io.multishot.Sender;
import io.multishot.Task;
import io.multishot.examples.Console;
import io.multishot.examples.Progress;
import io.multishot.examples.wire.ClientProgram;
import io.multishot.examples.wire.Lines;
import io.multishot.examples.wire.Window;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the addresses of many names, as {@code dig +short} does, with many queries in flight. */
@Command(
        name = "resolve",
        description = "Reads names, one a line, and prints what \"dig +short NAME\" prints for each, in the same "
                + "order. Names that do not exist print nothing.")
public final class Resolve extends ClientProgram {
    /** So few that the client has ids for them and for the orphans they leave if the server stalls. */
    private static final int MAX_IN_FLIGHT = DnsClient.MAX_CAPACITY / 8;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "How many times a query without a reply is repeated (default: ${DEFAULT-VALUE}).")
    int retries = 2;

    /** What the tasks of the lookups are to do. The thread that begins lookups is their executor: nothing is locked. */
    private final BlockingQueue<Runnable> runs = new LinkedBlockingQueue<>();

    private long total;
    long failed;
    long repeated;
    private long refused;

    Resolve(InputStream in, OutputStream out, PrintStream err) {
        super(53, in, out, err);
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
    protected void run(Lines lines, Progress progress) throws IOException, InterruptedException {
        Console.require(spec, inFlight <= MAX_IN_FLIGHT, "--in-flight: %d is more than %d", inFlight, MAX_IN_FLIGHT);
        Console.require(spec, retries >= 0, "--retries: %d is negative", retries);
        try (DnsClient client = new DnsClient(server(), timeout(), DnsClient.MAX_CAPACITY)) {
            progress.start("names", Progress.UNKNOWN);
            lookUp(lines, client, inFlight, progress);
            refused = client.table.refused();
        }
    }

    /** Looks up the name on each line. */
    void lookUp(Lines lines, DnsClient client, int inFlight, Progress progress)
            throws IOException, InterruptedException {
        Window<Lookup> window =
                new Window<>(inFlight, () -> new Lookup(client), lookup -> lookup.finish(progress), out);
        for (byte[] line = window.nextLine(lines); line != null; line = window.nextLine(lines)) {
            String name = new String(line, UTF_8).strip();
            if (!name.isEmpty()) {
                window.next().begin(name);
            }
        }
        window.finishAll();
    }

    @Override
    protected String figures(double seconds) {
        return String.format(
                Locale.ROOT,
                "names %,d, failed %,d, queries repeated %,d, replies refused %,d, names per second %,.0f",
                total,
                failed,
                repeated,
                refused,
                total / seconds);
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
            step();
        }

        private boolean isDone() {
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

        void finish(Progress progress) throws IOException, InterruptedException {
            while (!isDone()) {
                Runnable run = runs.poll();
                if (run == null) {
                    out.flush(); // the writer of the names may wait for what was printed
                    run = runs.take();
                }
                run.run();
            }
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
        }
    }
}
