package io.multishot.benchmarks.fanin;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
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
 * Sixteen threads that each ask one responder and block until it replies. The figure is the time that each of them
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
     * Asks, and blocks until the reply is there.
     *
     * @param responder the responder
     * @return the reply
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

    /** Replies, on the responder's thread. */
    abstract void reply(Value value);

    /** Blocks until the reply is there. */
    abstract Value await() throws Exception;

    /** The one responder of many requesters, with one queue for all their requests. */
    @State(Scope.Benchmark)
    public static class Responder {
        private final LinkedTransferQueue<ManyRequesters> requests = new LinkedTransferQueue<>();
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
            requests.add(requester);
        }

        private void respond() {
            try {
                while (true) {
                    requests.take().reply(value);
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The reply is a volatile field; the requester parks until it is set. */
    @Contender(value = "floor: park and unpark", role = Role.FLOOR)
    public static class Floor extends ManyRequesters {
        private @Nullable Thread requester;
        private volatile @Nullable Value reply;

        /** For JMH. */
        public Floor() {}

        @Override
        void begin() {
            requester = Thread.currentThread();
            reply = null;
        }

        @Override
        void reply(Value value) {
            Thread asked = requester;
            reply = value;
            LockSupport.unpark(asked);
        }

        @Override
        Value await() {
            Value got = reply;
            while (got == null) {
                LockSupport.park(this);
                got = reply;
            }
            return got;
        }
    }

    /** A receiver for each requester. */
    @Contender(value = "multishot, recycling", role = Role.OURS)
    public static class Multishot extends ManyRequesters {
        private final Receiver<Value> receiver = Receiver.recycling();
        private @Nullable Sender<Value> sender;

        /** For JMH. */
        public Multishot() {}

        @Override
        void begin() {
            sender = receiver.sender();
        }

        @Override
        void reply(Value value) {
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

    /** A new future for each request. */
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
        void reply(Value value) {
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
        private final LinkedTransferQueue<Value> replies = new LinkedTransferQueue<>();

        /** For JMH. */
        public TransferQueue() {}

        @Override
        void begin() {}

        @Override
        void reply(Value value) {
            replies.add(value);
        }

        @Override
        Value await() throws InterruptedException {
            return replies.take();
        }
    }
}
