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
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up, many at a time, and prints the answers in the order of the names.
 *
 * <p>A {@link Task} for each lookup polls its receiver. The thread that calls {@link #run} is the executor of all
 * tasks, so nothing here is locked; another thread only reads the names, because reading may block.
 */
final class Lookups {
    private final DnsClient client;
    private final int retries;
    private final OutputStream out;
    private final Progress progress;

    /** The tasks to be run. None is in it twice, so it is never full. */
    private final BlockingQueue<Runnable> runs;

    private final BlockingQueue<String> names;
    private final Task begin;

    /** The lookups {@code first} to {@code next - 1}, in the order of the names, each at its number modulo the size. */
    private final List<Lookup> ring;

    /** The lookups that the client had no room for. */
    private final Queue<Lookup> held = new ArrayDeque<>();

    private long first;
    private long next;
    private long failed;
    private long repeated;
    private volatile boolean isEnd;
    private volatile @Nullable IOException readError;

    /**
     * Prepares lookups.
     *
     * @param inFlight how many names are looked up at a time
     * @param retries how many times a query is repeated if there is no reply
     */
    Lookups(DnsClient client, int inFlight, int retries, OutputStream out, Progress progress) {
        this.client = client;
        this.retries = retries;
        this.out = out;
        this.progress = progress;
        runs = new ArrayBlockingQueue<>(inFlight + 1);
        names = new ArrayBlockingQueue<>(inFlight);
        begin = new Task(runs::add, this::begin);
        ring = IntStream.range(0, inFlight).mapToObj(i -> new Lookup()).toList();
    }

    /** Looks up the name on each line. */
    void run(BufferedReader lines) throws IOException, InterruptedException {
        Thread reader = new Thread(() -> read(lines), "dns-names");
        reader.setDaemon(true);
        reader.start();
        try {
            while (!isEnd || !names.isEmpty() || first < next) {
                runs.take().run();
                printFinished();
            }
        } finally {
            reader.interrupt();
        }
        if (readError != null) {
            throw new UncheckedIOException("cannot read the names: " + readError.getMessage(), readError);
        }
    }

    private void read(BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    names.put(line.strip());
                    begin.wake();
                }
            }
        } catch (IOException failure) {
            readError = failure;
        } catch (InterruptedException stopped) {
            return;
        }
        isEnd = true;
        begin.wake();
    }

    /** Begins as many lookups as there are names, free lookups, and room in the client. */
    // tag::wire-room[]
    private void begin() {
        while (!held.isEmpty() && held.element().ask()) {
            held.remove();
        }
        while (held.isEmpty() && next - first < ring.size() && !names.isEmpty()) {
            lookup(next++).begin(names.remove());
        }
        if (!held.isEmpty()) {
            client.onRoom(begin);
        }
    }
    // end::wire-room[]

    private Lookup lookup(long number) {
        return ring.get((int) (number % ring.size()));
    }

    private void printFinished() throws IOException {
        long before = first;
        while (first < next && lookup(first).isDone) {
            lookup(first++).print();
        }
        if (first > before) {
            if (progress.isInteractive()) {
                out.flush();
            }
            begin.wake();
        }
    }

    /** Returns how many names were looked up. */
    long total() {
        return first;
    }

    /** Returns how many names could not be looked up. */
    long failed() {
        return failed;
    }

    /** Returns how many queries were repeated because there was no reply in time. */
    long repeated() {
        return repeated;
    }

    /** The lookup of one name after the other, with one query in flight at a time. */
    private final class Lookup {
        private final Receiver<Answer> receiver = Receiver.recycling();
        private final Task step = new Task(runs::add, this::step);
        private String name = "";
        private @Nullable Question question;
        private @Nullable Sender<Answer> unused;
        private int queries;
        private Answer answer = Answer.NONE;
        private @Nullable String problem;
        private boolean isDone;

        void begin(String name) {
            this.name = name;
            isDone = false;
            queries = 0;
            try {
                question = Question.addressesOf(name);
                askOrHold();
            } catch (IllegalArgumentException unusable) {
                end(Answer.NONE, unusable.getMessage());
            }
        }

        private void askOrHold() {
            if (!ask()) {
                held.add(this);
                begin.wake();
            }
        }

        /** Sends the query. Returns false if the client has no room: then the sender is kept for the next try. */
        boolean ask() {
            Sender<Answer> sender = unused == null ? receiver.sender() : unused;
            if (question == null || !client.ask(question, sender)) {
                unused = sender;
                return false;
            }
            unused = null;
            queries++;
            step.wake();
            return true;
        }

        /** Registers this task in the new round, or sees what its outcome is. May run once more than necessary. */
        private void step() {
            if (isDone || unused != null) {
                return;
            }
            switch (receiver.poll(step)) {
                case PENDING -> {}
                case READY -> end(receiver.take(), null);
                case FAILED -> failed(receiver.takeFailure());
                case DROPPED -> end(Answer.NONE, "the query was lost");
            }
        }

        private void failed(Throwable cause) {
            if (!(cause instanceof RequestTimeoutException)) {
                end(Answer.NONE, cause.getMessage());
            } else if (queries > retries) {
                end(Answer.NONE, "no reply to " + queries + (queries == 1 ? " query" : " queries"));
            } else {
                repeated++;
                askOrHold();
            }
        }

        private void end(Answer answer, @Nullable String problem) {
            this.answer = answer;
            this.problem = problem;
            isDone = true;
        }

        void print() throws IOException {
            for (String each : answer.records()) {
                out.write((each + "\n").getBytes(US_ASCII));
            }
            if (problem != null) {
                failed++;
                progress.problem(name + ": " + problem);
            }
            progress.step();
        }
    }
}
