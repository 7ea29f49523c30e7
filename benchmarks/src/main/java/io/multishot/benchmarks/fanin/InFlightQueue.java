package io.multishot.benchmarks.fanin;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.LinkedTransferQueue;

/** One queue for all answers, which then do not tell what they answer. */
@Contender("LinkedTransferQueue")
public class InFlightQueue extends InFlight {
    private final LinkedTransferQueue<Value> answers = new LinkedTransferQueue<>();

    /** For JMH. */
    public InFlightQueue() {}

    @Override
    void prepare(int questions) {}

    @Override
    Object question(int index) {
        return answers;
    }

    @Override
    Value await(int index) throws InterruptedException {
        return answers.take();
    }

    @Override
    void answer(Object question, Value value) {
        answers.add(value);
    }
}
