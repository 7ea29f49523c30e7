package io.multishot.benchmarks.fanin;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
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
 * One requester sends a batch of requests, then waits for their replies in turn. The responder replies to all of them,
 * and parks until the next batch. One invocation makes a thousand requests, in as many batches as it takes.
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
    /** How many requests one invocation makes. */
    static final int REQUESTS = 1000;

    /** How many requests are in flight at a time. */
    @Param({"1", "10", "100", "1000"})
    public int requests = 1;

    /** The reply to every request. */
    final Value value = new Value(42);

    private @Nullable Object[] batch = {};
    private volatile int published;
    private volatile boolean over;
    private @Nullable Thread responder;

    /** For the contenders. */
    protected InFlight() {}

    /** Makes what lives as long as the requester, and starts the responder. */
    @Setup
    public void start() {
        batch = new Object[requests];
        prepare(requests);
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
     * Asks, batch by batch.
     *
     * @return the last reply
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the requester writes it
    public @Nullable Value inFlight() throws Exception {
        Value last = null;
        for (int asked = 0; asked < REQUESTS; asked += requests) {
            for (int i = 0; i < requests; i++) {
                batch[i] = request(i);
            }
            published++;
            LockSupport.unpark(responder);
            for (int i = 0; i < requests; i++) {
                last = await(i);
            }
        }
        return last;
    }

    /** Makes what lives as long as the requester. */
    abstract void prepare(int requests);

    /** The sending half of a new request. */
    abstract Object request(int index);

    /** Blocks until the reply is there. */
    abstract Value await(int index) throws Exception;

    /** Replies, on the responder's thread. */
    abstract void reply(Object request, Value value);

    private void respond() {
        int replied = 0;
        while (!over) {
            if (published == replied) {
                LockSupport.park(this);
                continue;
            }
            replied++;
            for (int i = 0; i < requests; i++) {
                Object request = batch[i];
                if (request != null) {
                    reply(request, value);
                }
            }
        }
    }

    /** Each reply is a volatile field; the requester spins. */
    @Contender(value = "floor: volatile fields, spinning", role = Role.FLOOR)
    public static class Floor extends InFlight {
        private Cell[] cells = {};

        /** For JMH. */
        public Floor() {}

        @Override
        void prepare(int requests) {
            cells = new Cell[requests];
            for (int i = 0; i < requests; i++) {
                cells[i] = new Cell();
            }
        }

        @Override
        Object request(int index) {
            cells[index].reply = null;
            return cells[index];
        }

        @Override
        Value await(int index) {
            Value got = cells[index].reply;
            while (got == null) {
                Thread.onSpinWait();
                got = cells[index].reply;
            }
            return got;
        }

        @Override
        void reply(Object request, Value value) {
            ((Cell) request).reply = value;
        }

        private static final class Cell {
            private volatile @Nullable Value reply;
        }
    }

    /** A receiver of this library for each request that can be in flight, for each level of protection. */
    public abstract static class Multishot extends InFlight {
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
        void prepare(int requests) {
            receivers = Stream.generate(channels).limit(requests).toList();
        }

        @Override
        Object request(int index) {
            return receivers.get(index).sender();
        }

        @Override
        Value await(int index) throws InterruptedException {
            return receivers.get(index).receive();
        }

        @Override
        @SuppressWarnings("unchecked")
        void reply(Object request, Value value) {
            ((Sender<Value>) request).send(value);
        }
    }

    /** Receivers that make a new sender for each request. */
    @Contender(value = "multishot, safe", role = Role.OURS)
    public static class Safe extends Multishot {
        /** For JMH. */
        public Safe() {
            super(Receiver::new);
        }
    }

    /** Receivers that recycle their senders. */
    @Contender(value = "multishot, recycling", role = Role.OURS, place = 1)
    public static class Recycling extends Multishot {
        /** For JMH. */
        public Recycling() {
            super(Receiver::recycling);
        }
    }

    /** A new future for each request. */
    @Contender("CompletableFuture")
    public static class Future extends InFlight {
        private final List<CompletableFuture<Value>> futures = new ArrayList<>();

        /** For JMH. */
        public Future() {}

        @Override
        void prepare(int requests) {
            for (int i = 0; i < requests; i++) {
                futures.add(new CompletableFuture<>());
            }
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the caller and the responder hold it
        Object request(int index) {
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
        void reply(Object request, Value value) {
            ((CompletableFuture<Value>) request).complete(value);
        }
    }

    /** A new future for each request, which goes with a number, as over a network. */
    @Contender("CompletableFuture in a ConcurrentHashMap by id")
    public static class FutureById extends InFlight {
        private final ConcurrentHashMap<Long, CompletableFuture<Value>> inFlight = new ConcurrentHashMap<>();
        private final List<CompletableFuture<Value>> futures = new ArrayList<>();
        private long id;

        /** For JMH. */
        public FutureById() {}

        @Override
        void prepare(int requests) {
            for (int i = 0; i < requests; i++) {
                futures.add(new CompletableFuture<>());
            }
        }

        @Override
        Object request(int index) {
            Long request = id++;
            CompletableFuture<Value> future = new CompletableFuture<>();
            futures.set(index, future);
            inFlight.put(request, future);
            return request;
        }

        @Override
        Value await(int index) throws Exception {
            return futures.get(index).get();
        }

        @Override
        void reply(Object request, Value value) {
            CompletableFuture<Value> found = inFlight.remove((Long) request);
            if (found != null) {
                found.complete(value);
            }
        }
    }

    /** One queue for all replies, which cannot be told apart. */
    @Contender("LinkedTransferQueue")
    public static class TransferQueue extends InFlight {
        private final LinkedTransferQueue<Value> replies = new LinkedTransferQueue<>();

        /** For JMH. */
        public TransferQueue() {}

        @Override
        void prepare(int requests) {}

        @Override
        Object request(int index) {
            return replies;
        }

        @Override
        Value await(int index) throws InterruptedException {
            return replies.take();
        }

        @Override
        void reply(Object request, Value value) {
            replies.add(value);
        }
    }
}
