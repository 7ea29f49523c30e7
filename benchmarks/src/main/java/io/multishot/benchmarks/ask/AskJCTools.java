package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.Queue;
import org.jctools.queues.SpscArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;

/** A queue for one producer and one consumer, which cannot block. */
@Contender("JCTools SpscArrayQueue")
public class AskJCTools extends AskState {
    private final Queue<Value> answers = new SpscArrayQueue<>(1);

    /** For JMH. */
    public AskJCTools() {}

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
