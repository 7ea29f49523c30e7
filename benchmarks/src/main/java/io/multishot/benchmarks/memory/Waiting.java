package io.multishot.benchmarks.memory;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.VirtualThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Lets many virtual threads wait, each for a channel of its own, and then wakes them all. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@Fork(value = 3, jvmArgsAppend = "-Xmx16g")
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public abstract class Waiting {
    private static final Object VALUE = "value";

    /** How many threads wait. */
    @Param("100000")
    public int threads = 1;

    /** For the contenders. */
    protected Waiting() {}

    /** A channel of one thread. */
    interface Channel {
        void await() throws Exception;

        void wake();
    }

    /** The figures. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Counters {
        /** The size of a channel and its waiting thread. */
        public double bytesEach;

        /** The time until all threads wait. */
        public double buildMillis;

        /** The time until all threads are done. */
        public double wakeMillis;

        /** For JMH. */
        public Counters() {}
    }

    /**
     * Starts the threads, and wakes them when all of them wait.
     *
     * @param counters the figures
     * @return the threads
     * @throws InterruptedException never
     */
    @Benchmark
    public List<Thread> waiting(Counters counters) throws InterruptedException {
        List<Channel> channels = new ArrayList<>(threads);
        List<Thread> started = new ArrayList<>(threads);
        Semaphore waiting = new Semaphore(0);
        Semaphore done = new Semaphore(0);
        long bytesBefore = Heap.live();
        long start = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            Channel channel = channel();
            channels.add(channel);
            started.add(VirtualThreads.start(() -> {
                waiting.release();
                try {
                    channel.await();
                    done.release();
                } catch (Exception thrown) {
                    throw new IllegalStateException(thrown);
                }
            }));
        }
        waiting.acquire(threads);
        counters.buildMillis = (System.nanoTime() - start) / 1e6;
        counters.bytesEach = (double) (Heap.live() - bytesBefore) / threads;
        start = System.nanoTime();
        channels.forEach(Channel::wake);
        done.acquire(threads);
        counters.wakeMillis = (System.nanoTime() - start) / 1e6;
        return started;
    }

    /** Makes the channel of a thread. */
    abstract Channel channel();

    /** A volatile flag. */
    @Contender(value = "floor: park and unpark", role = Role.FLOOR)
    public static class Parked extends Waiting {
        /** For JMH. */
        public Parked() {}

        @Override
        Channel channel() {
            return new Channel() {
                private volatile boolean woken;
                private volatile @Nullable Thread thread;

                @Override
                public void await() {
                    thread = Thread.currentThread();
                    while (!woken) {
                        LockSupport.park(this);
                    }
                }

                @Override
                public void wake() {
                    woken = true;
                    LockSupport.unpark(thread);
                }
            };
        }
    }

    /** A receiver. */
    @Contender(value = "multishot, recycling", role = Role.OURS)
    public static class Multishot extends Waiting {
        /** For JMH. */
        public Multishot() {}

        @Override
        Channel channel() {
            return new Channel() {
                private final Receiver<Object> receiver = Receiver.recycling();
                private final Sender<Object> sender = receiver.sender();

                @Override
                public void await() throws InterruptedException {
                    receiver.receive();
                }

                @Override
                public void wake() {
                    sender.send(VALUE);
                }
            };
        }
    }

    /** A future. */
    @Contender("CompletableFuture")
    public static class Future extends Waiting {
        /** For JMH. */
        public Future() {}

        @Override
        Channel channel() {
            return new Channel() {
                private final CompletableFuture<Object> future = new CompletableFuture<>();

                @Override
                public void await() throws Exception {
                    future.get();
                }

                @Override
                public void wake() {
                    future.complete(VALUE);
                }
            };
        }
    }

    /** A queue. */
    @Contender("LinkedTransferQueue")
    public static class TransferQueue extends Waiting {
        /** For JMH. */
        public TransferQueue() {}

        @Override
        Channel channel() {
            return new Channel() {
                private final LinkedTransferQueue<Object> queue = new LinkedTransferQueue<>();

                @Override
                public void await() throws InterruptedException {
                    queue.take();
                }

                @Override
                public void wake() {
                    queue.add(VALUE);
                }
            };
        }
    }
}
