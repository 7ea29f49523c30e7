package io.multishot.benchmarks.ask;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;

/** A receiver that lives as long as the asker. */
@Contender(value = "multishot", role = Role.OURS)
public class AskMultishot extends SpinningAsk {
    private final Receiver<Value> receiver = new Receiver<>();

    /** For JMH. */
    public AskMultishot() {}

    @Override
    Value askAndBlock() throws InterruptedException {
        post(receiver.sender());
        return receiver.receive();
    }

    @Override
    Value askAndSpin() {
        post(receiver.sender());
        Value got = receiver.tryReceive();
        while (got == null) {
            Thread.onSpinWait();
            got = receiver.tryReceive();
        }
        return got;
    }

    @Override
    @SuppressWarnings("unchecked")
    void answer(Object question, Value value) {
        ((Sender<Value>) question).send(value);
    }
}
