package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * The rounds of a queue, reused forever. It notifies no receiver, and knows neither a drop nor which request a value
 * belongs to.
 */
public abstract class QueuePeer extends RoundState {
    private final Queue<Value> queue;

    /**
     * For the peers.
     *
     * @param queue an empty queue
     */
    protected QueuePeer(Queue<Value> queue) {
        this.queue = queue;
    }

    /**
     * Offer, poll.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Value ready() {
        queue.offer(value);
        return queue.poll();
    }

    /**
     * Offer a new value, poll.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Value fresh() {
        queue.offer(newValue());
        return queue.poll();
    }

    /** The bounded queue of java.util.concurrent, with room for one. */
    @Contender("ArrayBlockingQueue(1)")
    public static class ArrayQueue extends QueuePeer {
        /** For JMH. */
        public ArrayQueue() {
            super(new ArrayBlockingQueue<>(1));
        }
    }

    /** The unbounded queue that java.util.concurrent recommends for handing over. */
    @Contender("LinkedTransferQueue")
    public static class TransferQueue extends QueuePeer {
        /** For JMH. */
        public TransferQueue() {
            super(new LinkedTransferQueue<>());
        }
    }

    /** The queue of JCTools for one producer and one consumer. */
    @Contender("JCTools SpscArrayQueue")
    public static class JCTools extends QueuePeer {
        /** For JMH. */
        public JCTools() {
            super(new SpscArrayQueue<>(1));
        }
    }

    /** The queue of Agrona for one producer and one consumer. */
    @Contender("Agrona OneToOneConcurrentArrayQueue")
    public static class Agrona extends QueuePeer {
        /** For JMH. */
        public Agrona() {
            super(new OneToOneConcurrentArrayQueue<>(1));
        }
    }
}
