package io.multishot.benchmarks.fanin;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Sixteen threads that each ask one responder and block until it answers. The figure is the time that each of them
 * waits.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class ManyRequesters {
    /** For the contenders. */
    protected ManyRequesters() {}

    /**
     * Asks, and blocks until the answer is there.
     *
     * @param responder who answers
     * @return the answer
     * @throws Exception never
     */
    @Benchmark
    @Threads(16)
    public Value manyRequesters(Responder responder) throws Exception {
        begin();
        responder.ask(this);
        return await();
    }

    /** Makes the two halves. */
    abstract void begin();

    /** Answers, on the responder's thread. */
    abstract void answer(Value value);

    /** Blocks until the answer is there. */
    abstract Value await() throws Exception;

    /** The one responder of many requesters, with one queue for all their questions. */
    @State(Scope.Benchmark)
    public static class Responder {
        private final LinkedTransferQueue<ManyRequesters> questions = new LinkedTransferQueue<>();
        private final Value value = new Value(42);
        private @Nullable Thread responder;

        /** For JMH. */
        public Responder() {}

        /** Starts the responder. */
        @Setup
        public void start() {
            Thread thread = new Thread(this::respond, "responder");
            thread.start();
            responder = thread;
        }

        /**
         * Ends the responder.
         *
         * @throws InterruptedException if the caller is interrupted
         */
        @TearDown
        public void stop() throws InterruptedException {
            Thread thread = responder;
            if (thread != null) {
                thread.interrupt();
                thread.join();
            }
        }

        void ask(ManyRequesters requester) {
            questions.add(requester);
        }

        private void respond() {
            try {
                while (true) {
                    questions.take().answer(value);
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The answer is a volatile field; who waits for it parks. */
    @Contender(value = "floor: park and unpark", role = Role.FLOOR)
    public static class Floor extends ManyRequesters {
        private @Nullable Thread requester;
        private volatile @Nullable Value answer;

        /** For JMH. */
        public Floor() {}

        @Override
        void begin() {
            requester = Thread.currentThread();
            answer = null;
        }

        @Override
        void answer(Value value) {
            Thread asked = requester;
            answer = value;
            LockSupport.unpark(asked);
        }

        @Override
        Value await() {
            Value got = answer;
            while (got == null) {
                LockSupport.park(this);
                got = answer;
            }
            return got;
        }
    }

    /** A receiver for each requester. */
    @Contender(value = "multishot", role = Role.OURS)
    public static class Multishot extends ManyRequesters {
        private final Receiver<Value> receiver = new Receiver<>();
        private @Nullable Sender<Value> sender;

        /** For JMH. */
        public Multishot() {}

        @Override
        void begin() {
            sender = receiver.sender();
        }

        @Override
        void answer(Value value) {
            Sender<Value> asked = sender;
            if (asked != null) {
                asked.send(value);
            }
        }

        @Override
        Value await() throws InterruptedException {
            return receiver.receive();
        }
    }

    /** A new future for each question. */
    @Contender("CompletableFuture")
    public static class Future extends ManyRequesters {
        private CompletableFuture<Value> future = new CompletableFuture<>();

        /** For JMH. */
        public Future() {}

        @Override
        void begin() {
            future = new CompletableFuture<>();
        }

        @Override
        void answer(Value value) {
            future.complete(value);
        }

        @Override
        Value await() throws Exception {
            return future.get();
        }
    }

    /** A queue for each requester. */
    @Contender("LinkedTransferQueue")
    public static class TransferQueue extends ManyRequesters {
        private final LinkedTransferQueue<Value> answers = new LinkedTransferQueue<>();

        /** For JMH. */
        public TransferQueue() {}

        @Override
        void begin() {}

        @Override
        void answer(Value value) {
            answers.add(value);
        }

        @Override
        Value await() throws InterruptedException {
            return answers.take();
        }
    }
}
