package io.multishot.benchmarks.ask;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;

/** A receiver that makes a new sender for each question. */
@Contender(value = "multishot, guarded", role = Role.OURS, place = 1)
public class AskMultishotGuarded extends SpinningAsk {
    private final Receiver<Value> receiver = Receiver.guarded();

    /** For JMH. */
    public AskMultishotGuarded() {}

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
