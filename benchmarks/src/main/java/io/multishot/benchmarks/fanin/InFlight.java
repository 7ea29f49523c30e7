package io.multishot.benchmarks.fanin;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One requester puts a number of questions at once, then waits for their answers in turn; the responder answers all of
 * them, and parks until the next lot comes. One invocation asks a thousand questions, in as many lots as it takes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class InFlight {
    /** How many questions one invocation puts. */
    static final int QUESTIONS = 1000;

    /** How many questions are under way at a time. */
    @Param({"1", "10", "100", "1000"})
    public int questions = 1;

    /** The answer to every question. */
    final Value value = new Value(42);

    private @Nullable Object[] lot = {};
    private volatile int published;
    private volatile boolean over;
    private @Nullable Thread responder;

    /** For the contenders. */
    protected InFlight() {}

    /** Makes what lives as long as the requester, and starts the responder. */
    @Setup
    public void start() {
        lot = new Object[questions];
        prepare(questions);
        Thread thread = new Thread(this::respond, "responder");
        thread.start();
        responder = thread;
    }

    /**
     * Ends the responder.
     *
     * @throws InterruptedException if the requester is interrupted
     */
    @TearDown
    public void stop() throws InterruptedException {
        over = true;
        Thread thread = responder;
        if (thread != null) {
            LockSupport.unpark(thread);
            thread.join();
        }
    }

    /**
     * Asks, lot by lot.
     *
     * @return the last answer
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(QUESTIONS)
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the requester writes it
    public @Nullable Value inFlight() throws Exception {
        Value last = null;
        for (int asked = 0; asked < QUESTIONS; asked += questions) {
            for (int i = 0; i < questions; i++) {
                lot[i] = question(i);
            }
            published++;
            LockSupport.unpark(responder);
            for (int i = 0; i < questions; i++) {
                last = await(i);
            }
        }
        return last;
    }

    /** Makes what lives as long as the requester. */
    abstract void prepare(int questions);

    /** The sending half of a new question. */
    abstract Object question(int index);

    /** Blocks until the question is answered. */
    abstract Value await(int index) throws Exception;

    /** Answers, on the responder's thread. */
    abstract void answer(Object question, Value value);

    private void respond() {
        int answered = 0;
        while (!over) {
            if (published == answered) {
                LockSupport.park(this);
                continue;
            }
            answered++;
            for (int i = 0; i < questions; i++) {
                Object question = lot[i];
                if (question != null) {
                    answer(question, value);
                }
            }
        }
    }

    /** Each answer is a volatile field, at which the requester looks again and again. */
    @Contender(value = "floor: volatile fields, spinning", role = Role.FLOOR)
    public static class Floor extends InFlight {
        private Cell[] cells = {};

        /** For JMH. */
        public Floor() {}

        @Override
        void prepare(int questions) {
            cells = new Cell[questions];
            for (int i = 0; i < questions; i++) {
                cells[i] = new Cell();
            }
        }

        @Override
        Object question(int index) {
            cells[index].answer = null;
            return cells[index];
        }

        @Override
        Value await(int index) {
            Value got = cells[index].answer;
            while (got == null) {
                Thread.onSpinWait();
                got = cells[index].answer;
            }
            return got;
        }

        @Override
        void answer(Object question, Value value) {
            ((Cell) question).answer = value;
        }

        private static final class Cell {
            private volatile @Nullable Value answer;
        }
    }

    /** A receiver of this library for each question that can be under way, for each level of protection. */
    public static abstract class Multishot extends InFlight {
        private final Supplier<Receiver<Value>> channels;
        private List<Receiver<Value>> receivers = List.of();

        /**
         * For the levels.
         *
         * @param channels makes a channel
         */
        protected Multishot(Supplier<Receiver<Value>> channels) {
            this.channels = channels;
        }

        @Override
        void prepare(int questions) {
            receivers = Stream.generate(channels).limit(questions).toList();
        }

        @Override
        Object question(int index) {
            return receivers.get(index).sender();
        }

        @Override
        Value await(int index) throws InterruptedException {
            return receivers.get(index).receive();
        }

        @Override
        @SuppressWarnings("unchecked")
        void answer(Object question, Value value) {
            ((Sender<Value>) question).send(value);
        }
    }

    /** Receivers that recycle their senders. */
    @Contender(value = "multishot", role = Role.OURS)
    public static class Recycling extends Multishot {
        /** For JMH. */
        public Recycling() {
            super(Receiver::new);
        }
    }

    /** Receivers that make a new sender for each question. */
    @Contender(value = "multishot, guarded", role = Role.OURS, place = 1)
    public static class Guarded extends Multishot {
        /** For JMH. */
        public Guarded() {
            super(Receiver::guarded);
        }
    }

    /** A new future for each question. */
    @Contender("CompletableFuture")
    public static class Future extends InFlight {
        private final List<CompletableFuture<Value>> futures = new ArrayList<>();

        /** For JMH. */
        public Future() {}

        @Override
        void prepare(int questions) {
            for (int i = 0; i < questions; i++) {
                futures.add(new CompletableFuture<>());
            }
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // it is not ignored by those who know it
        Object question(int index) {
            CompletableFuture<Value> future = new CompletableFuture<>();
            futures.set(index, future);
            return future;
        }

        @Override
        Value await(int index) throws Exception {
            return futures.get(index).get();
        }

        @Override
        @SuppressWarnings("unchecked")
        void answer(Object question, Value value) {
            ((CompletableFuture<Value>) question).complete(value);
        }
    }

    /** A new future for each question, which goes with a number, as over a network. */
    @Contender("CompletableFuture in a ConcurrentHashMap by id")
    public static class FutureById extends InFlight {
        private final ConcurrentHashMap<Long, CompletableFuture<Value>> inFlight = new ConcurrentHashMap<>();
        private final List<CompletableFuture<Value>> futures = new ArrayList<>();
        private long id;

        /** For JMH. */
        public FutureById() {}

        @Override
        void prepare(int questions) {
            for (int i = 0; i < questions; i++) {
                futures.add(new CompletableFuture<>());
            }
        }

        @Override
        Object question(int index) {
            Long question = id++;
            CompletableFuture<Value> future = new CompletableFuture<>();
            futures.set(index, future);
            inFlight.put(question, future);
            return question;
        }

        @Override
        Value await(int index) throws Exception {
            return futures.get(index).get();
        }

        @Override
        void answer(Object question, Value value) {
            CompletableFuture<Value> found = inFlight.remove((Long) question);
            if (found != null) {
                found.complete(value);
            }
        }
    }

    /** One queue for all answers, which then do not tell what they answer. */
    @Contender("LinkedTransferQueue")
    public static class TransferQueue extends InFlight {
        private final LinkedTransferQueue<Value> answers = new LinkedTransferQueue<>();

        /** For JMH. */
        public TransferQueue() {}

        @Override
        void prepare(int questions) {}

        @Override
        Object question(int index) {
            return answers;
        }

        @Override
        Value await(int index) throws InterruptedException {
            return answers.take();
        }

        @Override
        void answer(Object question, Value value) {
            answers.add(value);
        }
    }
}
