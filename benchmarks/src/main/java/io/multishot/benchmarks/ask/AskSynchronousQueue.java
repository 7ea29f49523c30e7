package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.SynchronousQueue;

/** A queue without room: the responder waits until the requester has come. */
@Contender("SynchronousQueue")
public class AskSynchronousQueue extends ParkingAsk {
    private final SynchronousQueue<Value> answers = new SynchronousQueue<>();

    /** For JMH. */
    public AskSynchronousQueue() {}

    @Override
    Value askAndBlock() throws InterruptedException {
        post(answers);
        return answers.take();
    }

    @Override
    void answer(Object question, Value value) throws InterruptedException {
        answers.put(value);
    }
}
