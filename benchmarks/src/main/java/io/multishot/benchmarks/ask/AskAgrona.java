package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.Queue;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;

/** A queue for one producer and one consumer, which cannot block. */
@Contender("Agrona OneToOneConcurrentArrayQueue")
public class AskAgrona extends AskState {
    private final Queue<Value> answers = new OneToOneConcurrentArrayQueue<>(1);

    /** For JMH. */
    public AskAgrona() {}

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
}
