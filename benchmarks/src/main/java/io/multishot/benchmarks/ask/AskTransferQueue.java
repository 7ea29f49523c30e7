package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;

/** A queue that lives as long as the asker. */
@Contender("LinkedTransferQueue")
public class AskTransferQueue extends SpinningAsk {
    private final BlockingQueue<Value> answers = new LinkedTransferQueue<>();

    /** For JMH. */
    public AskTransferQueue() {}

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
