package io.multishot.benchmarks.neighbours;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * Two channels, side by side in memory or far apart. The scenarios:
 *
 * <ul>
 *   <li><b>alone</b>: one thread does ready rounds on one of them; the other is idle.
 *   <li><b>rounds</b>: two threads do ready rounds, each on its own channel. They share nothing but the cache line.
 *   <li><b>pairs</b>: two pairs of threads, each pair asking and answering over its own channel. They block, and the
 *       requests go through a queue for each pair.
 * </ul>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class Neighbours {
    private static final int PADDING = 512;

    /** The first channels of a JVM make it allocate objects of its own, which would lie between them. */
    private static final int WARMUP = 100;

    /** The channels. Receivers first, then their senders, which are the cells. They recycle, so the cells stay. */
    final List<Receiver<Value>> receivers = new ArrayList<>();

    /** Keeps the padding between them alive. */
    final List<byte[]> between = new ArrayList<>();

    private final AtomicInteger threads = new AtomicInteger();

    /**
     * Makes two channels, one right after the other in this thread's allocation buffer.
     *
     * @param apart whether something lies between them
     */
    protected Neighbours(boolean apart) {
        Value value = new Value(0);
        for (int i = 0; i < WARMUP; i++) {
            Receiver.<Value>recycling().sender().send(value);
        }
        Receiver<Value> first = Receiver.recycling();
        space(apart);
        Receiver<Value> second = Receiver.recycling();
        space(apart);
        first.sender().send(value);
        space(apart);
        second.sender().send(value);
        space(apart);
        receivers.add(first);
        receivers.add(second);
    }

    private void space(boolean apart) {
        if (apart) {
            between.add(new byte[PADDING]);
        }
    }

    /** The other thread of a pair. */
    @State(Scope.Thread)
    public static class Responder {
        private final LinkedTransferQueue<Sender<Value>> requests = new LinkedTransferQueue<>();
        private final Thread thread = new Thread(this::respond, "responder");

        /** For JMH. */
        public Responder() {}

        /** Starts the thread. */
        @Setup
        public void start() {
            thread.start();
        }

        /**
         * Ends the thread.
         *
         * @throws InterruptedException if the caller is interrupted
         */
        @TearDown
        public void stop() throws InterruptedException {
            thread.interrupt();
            thread.join();
        }

        private void respond() {
            Value value = new Value(42);
            try {
                while (true) {
                    requests.take().send(value);
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The channel of a thread. */
    @State(Scope.Thread)
    public static class Own {
        private final Value value = new Value(42);
        private @Nullable Receiver<Value> receiver;

        /** For JMH. */
        public Own() {}

        Receiver<Value> receiver(Neighbours neighbours) {
            Receiver<Value> known = receiver;
            if (known == null) {
                known = neighbours.receivers.get(neighbours.threads.getAndIncrement() % 2);
                receiver = known;
            }
            return known;
        }
    }

    /**
     * A ready round, with an idle neighbour.
     *
     * @param own this thread's channel
     * @return the value
     */
    @Benchmark
    public @Nullable Value alone(Own own) {
        return round(own);
    }

    /**
     * A ready round, with a busy neighbour.
     *
     * @param own this thread's channel
     * @return the value
     */
    @Benchmark
    @Threads(2)
    public @Nullable Value rounds(Own own) {
        return round(own);
    }

    /**
     * A request to another thread and its reply, with a busy neighbour.
     *
     * @param own this thread's channel
     * @param responder this thread's responder
     * @return the value
     * @throws InterruptedException never
     */
    @Benchmark
    @Threads(2)
    public Value pairs(Own own, Responder responder) throws InterruptedException {
        Receiver<Value> receiver = own.receiver(this);
        responder.requests.add(receiver.sender());
        return receiver.receive();
    }

    private @Nullable Value round(Own own) {
        Receiver<Value> receiver = own.receiver(this);
        receiver.sender().send(own.value);
        return receiver.tryReceive();
    }

    /** Padding keeps all objects of the two channels in cache lines of their own. */
    @Contender(value = "far apart", role = Role.OURS)
    public static class FarApart extends Neighbours {
        /** For JMH. */
        public FarApart() {
            super(true);
        }
    }

    /** The two cells share a cache line, and so do the two receivers, as those of channels made together do. */
    @Contender(value = "side by side", role = Role.OURS, place = 1)
    public static class SideBySide extends Neighbours {
        /** For JMH. */
        public SideBySide() {
            super(false);
        }
    }
}
