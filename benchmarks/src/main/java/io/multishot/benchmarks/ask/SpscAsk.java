package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.Queue;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;

/** Asks through a queue for one producer and one consumer, which cannot block. */
public abstract class SpscAsk extends AskState {
    private final Queue<Value> replies;

    /**
     * For the queues.
     *
     * @param replies the queue
     */
    protected SpscAsk(Queue<Value> replies) {
        this.replies = replies;
    }

    /**
     * Asks, and spins until the reply is there.
     *
     * @return the reply
     */
    @Benchmark
    public Value spinning() {
        post(replies);
        Value got = replies.poll();
        while (got == null) {
            Thread.onSpinWait();
            got = replies.poll();
        }
        return got;
    }

    @Override
    void reply(Object request, Value value) {
        replies.offer(value);
    }

    /** Agrona's array queue. */
    @Contender("Agrona OneToOneConcurrentArrayQueue")
    public static class Agrona extends SpscAsk {
        /** For JMH. */
        public Agrona() {
            super(new OneToOneConcurrentArrayQueue<>(1));
        }
    }

    /** JCTools' array queue. */
    @Contender("JCTools SpscArrayQueue")
    public static class JCTools extends SpscAsk {
        /** For JMH. */
        public JCTools() {
            super(new SpscArrayQueue<>(1));
        }
    }
}
