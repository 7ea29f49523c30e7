package io.multishot.benchmarks.fanin;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.LinkedTransferQueue;

/** A queue for each requester. */
@Contender("LinkedTransferQueue")
public class ManyQueues extends ManyRequesters {
    private final LinkedTransferQueue<Value> answers = new LinkedTransferQueue<>();

    /** For JMH. */
    public ManyQueues() {}

    @Override
    void begin() {}

    @Override
    void answer(Value value) {
        answers.add(value);
    }

    @Override
    Value await() throws InterruptedException {
        return answers.take();
    }
}
