package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.Queue;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;

/** Asks through a queue for one producer and one consumer, which cannot block. */
public abstract class SpscAsk extends AskState {
    private final Queue<Value> answers;

    /**
     * For the queues.
     *
     * @param answers the queue
     */
    protected SpscAsk(Queue<Value> answers) {
        this.answers = answers;
    }

    /**
     * Asks, and looks until the answer is there.
     *
     * @return the answer
     */
    @Benchmark
    public Value spinning() {
        post(answers);
        Value got = answers.poll();
        while (got == null) {
            Thread.onSpinWait();
            got = answers.poll();
        }
        return got;
    }

    @Override
    void answer(Object question, Value value) {
        answers.offer(value);
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
