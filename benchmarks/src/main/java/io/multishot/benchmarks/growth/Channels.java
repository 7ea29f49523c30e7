package io.multishot.benchmarks.growth;

import io.multishot.Receiver;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Ready rounds on one thread, each on a channel chosen at random. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class Channels {
    /** How many channels there are. */
    @Param({"1", "10", "100", "1000", "10000", "100000", "1000000"})
    public int count = 1;

    /** What is sent. */
    final Value value = new Value(42);

    private long seed = 1;

    /** For the contenders. */
    protected Channels() {}

    /** Makes the channels, each used once, and moves them to where long-lived objects live. */
    @Setup
    public void prepare() {
        make(count);
        for (int i = 0; i < count; i++) {
            round(i);
        }
        System.gc();
        System.gc();
    }

    /**
     * One round on a channel.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object channels() {
        // one step of an xorshift generator; its upper bits choose the channel
        seed ^= seed << 13;
        seed ^= seed >>> 7;
        seed ^= seed << 17;
        return round((int) (((seed >>> 32) * count) >>> 32));
    }

    /** Makes the channels. */
    abstract void make(int count);

    /** Sends a value over a channel, and returns what was received. */
    abstract @Nullable Object round(int index);

    /** The transitions of a channel, in an object with one field. */
    @Contender(value = "floor: one exchange and two stores", role = Role.FLOOR)
    public static class Floor extends Channels {
        private static final VarHandle SLOT = ConstantBootstraps.fieldVarHandle(
                MethodHandles.lookup(), "slot", VarHandle.class, Cell.class, Object.class);

        private final Object taken = new Object();
        private Cell[] cells = {};

        /** For JMH. */
        public Floor() {}

        @Override
        void make(int count) {
            cells = new Cell[count];
            for (int i = 0; i < count; i++) {
                cells[i] = new Cell();
            }
        }

        @Override
        @Nullable Object round(int index) {
            Cell cell = cells[index];
            SLOT.setRelease(cell, null);
            SLOT.getAndSet(cell, value);
            Object seen = SLOT.getAcquire(cell);
            SLOT.setRelease(cell, taken);
            return seen;
        }

        private static final class Cell {
            @SuppressWarnings("UnusedVariable") // accessed through SLOT
            private @Nullable Object slot;
        }
    }

    /** A receiver for each channel, kept forever. */
    @Contender(value = "multishot, recycling", role = Role.OURS)
    public static class Multishot extends Channels {
        private final List<Receiver<Value>> receivers = new ArrayList<>();

        /** For JMH. */
        public Multishot() {}

        @Override
        void make(int count) {
            for (int i = 0; i < count; i++) {
                receivers.add(Receiver.recycling());
            }
        }

        @Override
        @Nullable Object round(int index) {
            Receiver<Value> receiver = receivers.get(index);
            receiver.sender().send(value);
            return receiver.tryReceive();
        }
    }

    /** A new future for each round, kept until the next one in the same place. */
    @Contender("CompletableFuture")
    public static class NewFuture extends Channels {
        private final List<CompletableFuture<Value>> futures = new ArrayList<>();

        /** For JMH. */
        public NewFuture() {}

        @Override
        void make(int count) {
            for (int i = 0; i < count; i++) {
                futures.add(new CompletableFuture<>());
            }
        }

        @Override
        @Nullable Object round(int index) {
            CompletableFuture<Value> future = new CompletableFuture<>();
            futures.set(index, future);
            future.complete(value);
            return future.getNow(null);
        }
    }

    /** A new future for each round, kept in a field of its requester, which is as old as a receiver would be. */
    @Contender("CompletableFuture in a field of its requester")
    public static class FutureInRequester extends Channels {
        private final List<Requester> requesters = new ArrayList<>();

        /** For JMH. */
        public FutureInRequester() {}

        @Override
        void make(int count) {
            for (int i = 0; i < count; i++) {
                requesters.add(new Requester());
            }
        }

        @Override
        @Nullable Object round(int index) {
            Requester requester = requesters.get(index);
            CompletableFuture<Value> future = new CompletableFuture<>();
            requester.pending = future;
            future.complete(value);
            return requester.pending.getNow(null);
        }

        /** An object of the size of a cache line. */
        private static final class Requester {
            private CompletableFuture<Value> pending = new CompletableFuture<>();

            @SuppressWarnings("UnusedVariable") // for the size
            private long name, address, state, since, until, rounds;
        }
    }
}
