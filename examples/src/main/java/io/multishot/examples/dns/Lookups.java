package io.multishot.examples.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.multishot.Receiver;
import io.multishot.RequestTimeoutException;
import io.multishot.Sender;
import io.multishot.Task;
import io.multishot.examples.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up, many at a time, and prints the answers in the order of the names. Each lookup is a {@link Task}. The
 * thread that calls {@link #run} is the executor of them all, so nothing here is locked.
 */
final class Lookups {
    private final DnsClient client;
    private final int retries;
    private final OutputStream out;
    private final Progress progress;

    /** The tasks to be run. None is in it twice, so it is never full. */
    private final BlockingQueue<Runnable> runs;

    /** The lookups {@code first} to {@code next - 1}, in the order of the names, each at its number modulo the size. */
    private final List<Lookup> ring;

    private long next;

    /** How many names were looked up, how many of them in vain, and how many queries were repeated. */
    long first;

    long failed;
    long repeated;

    Lookups(DnsClient client, int inFlight, int retries, OutputStream out, Progress progress) {
        this.client = client;
        this.retries = retries;
        this.out = out;
        this.progress = progress;
        runs = new ArrayBlockingQueue<>(inFlight);
        ring = Stream.generate(Lookup::new).limit(inFlight).toList();
    }

    /** Looks up the name on each line. */
    void run(BufferedReader names) throws IOException, InterruptedException {
        boolean mayHaveMore = true;
        while (mayHaveMore || first < next) {
            mayHaveMore = mayHaveMore && begin(names);
            if (first < next) {
                runs.take().run();
            }
            while (first < next && lookup(first).isDone()) {
                lookup(first++).print();
            }
            if (progress.isInteractive()) {
                out.flush();
            }
        }
    }

    /** Begins lookups while there are free ones, and names that are there without waiting. Returns false at the end. */
    private boolean begin(BufferedReader names) {
        try {
            while (first == next || (next - first < ring.size() && names.ready())) {
                String name = names.readLine();
                if (name == null) {
                    return false;
                }
                if (!name.isBlank()) {
                    lookup(next++).begin(name.strip());
                }
            }
            return true;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the names: " + failure.getMessage(), failure);
        }
    }

    private Lookup lookup(long number) {
        return ring.get((int) (number % ring.size()));
    }

    /** The lookup of one name after the other, with one query in flight at a time. */
    private final class Lookup {
        private final Receiver<Answer> receiver = Receiver.recycling();
        private final Task task = new Task(runs::add, this::step);
        private String name = "";
        private Question question = Question.addressesOf(".");
        private int queries;

        /** The sender of the next query; null while one is in flight. */
        private @Nullable Sender<Answer> sender;

        private @Nullable Answer answer;
        private @Nullable String problem;

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
                    case FAILED -> onFailure(receiver.takeFailure());
                    case DROPPED -> problem = "the query was lost";
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

        void print() throws IOException {
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
