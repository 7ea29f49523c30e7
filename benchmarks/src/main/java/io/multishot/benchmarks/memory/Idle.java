package io.multishot.benchmarks.memory;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedTransferQueue;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import kotlinx.coroutines.channels.BufferOverflow;
import kotlinx.coroutines.channels.ChannelKt;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Makes a million channels, uses each once, and leaves them alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xmx2g", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"})
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public abstract class Idle {
    private static final int CHANNELS = 1_000_000;
    private static final Object VALUE = "value";
    private static final Waker WAKER = () -> {};
    static final BiConsumer<@Nullable Object, @Nullable Throwable> CALLBACK = (value, thrown) -> {};

    private final Supplier<Object> channels;

    /**
     * For the contenders.
     *
     * @param channels makes a channel and uses it once
     */
    protected Idle(Supplier<Object> channels) {
        this.channels = channels;
    }

    /** The figures. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Counters {
        /** The size of a channel. */
        public double bytesEach;

        /** The time to make and use a channel. */
        public double nanosEach;

        /** For JMH. */
        public Counters() {}
    }

    /**
     * Makes the channels.
     *
     * @param counters the figures
     * @return the channels
     */
    @Benchmark
    public List<Object> idle(Counters counters) {
        return make(CHANNELS, counters);
    }

    final List<Object> make(int count, Counters counters) {
        List<Object> made = new ArrayList<>(count);
        long before = Heap.live();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            made.add(channels.get());
        }
        long time = System.nanoTime() - start;
        counters.bytesEach = (double) (Heap.live() - before) / count;
        counters.nanosEach = (double) time / count;
        return made;
    }

    private static Object used(Receiver<Object> receiver) {
        Sender<Object> sender = receiver.sender();
        if (receiver.poll(WAKER) != Poll.PENDING || !sender.send(VALUE)) {
            throw new IllegalStateException("no round");
        }
        receiver.take();
        return receiver;
    }

    private static Object used(Queue<Object> queue) {
        queue.add(VALUE);
        queue.remove();
        return queue;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns
    private static Object pending() {
        CompletableFuture<Object> future = new CompletableFuture<>();
        future.whenComplete(CALLBACK);
        return future;
    }

    /** A receiver that makes a new sender for each round. */
    @Contender(value = "multishot, safe", role = Role.OURS)
    public static class Safe extends Idle {
        /** For JMH. */
        public Safe() {
            super(() -> used(new Receiver<>()));
        }
    }

    /** A receiver that recycles its sender. */
    @Contender(value = "multishot, recycling", role = Role.OURS, place = 1)
    public static class Recycling extends Idle {
        /** For JMH. */
        public Recycling() {
            super(() -> used(Receiver.recycling()));
        }
    }

    /** A future with a callback. */
    @Contender("CompletableFuture, whenComplete, pending")
    public static class Future extends Idle {
        /** For JMH. */
        public Future() {
            super(() -> pending());
        }
    }

    /** A queue of the JDK without a bound. */
    @Contender("LinkedTransferQueue")
    public static class TransferQueue extends Idle {
        /** For JMH. */
        public TransferQueue() {
            super(() -> used(new LinkedTransferQueue<>()));
        }
    }

    /** A queue of the JDK with room for one. */
    @Contender("ArrayBlockingQueue(1)")
    public static class ArrayQueue extends Idle {
        /** For JMH. */
        public ArrayQueue() {
            super(() -> used(new ArrayBlockingQueue<>(1)));
        }
    }

    /** JCTools' queue for one producer and one consumer. */
    @Contender("JCTools SpscArrayQueue")
    public static class JCTools extends Idle {
        /** For JMH. */
        public JCTools() {
            super(() -> used(new SpscArrayQueue<>(1)));
        }
    }

    /** Agrona's queue for one producer and one consumer. */
    @Contender("Agrona OneToOneConcurrentArrayQueue")
    public static class Agrona extends Idle {
        /** For JMH. */
        public Agrona() {
            super(() -> used(new OneToOneConcurrentArrayQueue<>(1)));
        }
    }

    /** A channel of Kotlin's coroutines with room for one. */
    @Contender("Kotlin Channel(1)")
    public static class KotlinChannel extends Idle {
        /** For JMH. */
        public KotlinChannel() {
            super(() -> ChannelKt.Channel(1, BufferOverflow.SUSPEND, null));
        }
    }
}
