package io.multishot.benchmarks.memory;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import io.multishot.benchmarks.ask.BlockingQueueAsk;
import io.multishot.benchmarks.ask.FutureAsk;
import io.multishot.benchmarks.ask.MultishotAsk;
import io.multishot.benchmarks.ask.ParkingAsk;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/** Asks and replies between two threads that block, in a small heap; JMH's profiler counts the collections. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xmx64m", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"})
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 1, time = 60)
public abstract class SmallHeap {
    private final ParkingAsk ask;

    /**
     * For the contenders.
     *
     * @param ask how the contender asks
     */
    protected SmallHeap(ParkingAsk ask) {
        this.ask = ask;
    }

    /** Starts the responder. */
    @Setup
    public void start() {
        ask.start(false);
    }

    /**
     * Ends the responder.
     *
     * @throws InterruptedException if the requester is interrupted
     */
    @TearDown
    public void stop() throws InterruptedException {
        ask.stop();
    }

    /**
     * Asks, and blocks until the reply is there.
     *
     * @return the reply
     * @throws Exception never
     */
    @Benchmark
    public Value asking() throws Exception {
        return ask.parked();
    }

    /** A receiver that makes a new sender for each request. */
    @Contender(value = "multishot, safe", role = Role.OURS)
    public static class Safe extends SmallHeap {
        /** For JMH. */
        public Safe() {
            super(new MultishotAsk.Safe());
        }
    }

    /** A receiver that recycles its sender. */
    @Contender(value = "multishot, recycling", role = Role.OURS, place = 1)
    public static class Recycling extends SmallHeap {
        /** For JMH. */
        public Recycling() {
            super(new MultishotAsk.Recycling());
        }
    }

    /** A new future for each request. */
    @Contender("CompletableFuture")
    public static class Future extends SmallHeap {
        /** For JMH. */
        public Future() {
            super(new FutureAsk.WithoutId());
        }
    }

    /** A new future for each request, found by a number. */
    @Contender("CompletableFuture in a ConcurrentHashMap by id")
    public static class FutureById extends SmallHeap {
        /** For JMH. */
        public FutureById() {
            super(new FutureAsk.ById());
        }
    }

    /** A queue for the replies. */
    @Contender("LinkedTransferQueue")
    public static class TransferQueue extends SmallHeap {
        /** For JMH. */
        public TransferQueue() {
            super(new BlockingQueueAsk.TransferQueue());
        }
    }
}
