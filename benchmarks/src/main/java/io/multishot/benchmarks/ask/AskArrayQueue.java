package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A queue that lives as long as the asker. */
@Contender("ArrayBlockingQueue(1)")
public class AskArrayQueue extends SpinningAsk {
    private final BlockingQueue<Value> answers = new ArrayBlockingQueue<>(1);

    /** For JMH. */
    public AskArrayQueue() {}

    @Override
    Value askAndBlock() throws InterruptedException {
        post(answers);
        return answers.take();
    }

    @Override
    Value askAndSpin() {
        post(answers);
        Value got = answers.poll();
        while (got == null) {
            Thread.onSpinWait();
            got = answers.poll();
        }
        return got;
    }

    @Override
    void answer(Object question, Value value) throws InterruptedException {
        answers.put(value);
    }
}
