package io.multishot.benchmarks.ask;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;

/** Asks through this library, for each level of protection; the receiver lives as long as the requester. */
public abstract class MultishotAsk extends SpinningAsk {
    private final Receiver<Value> receiver;

    /**
     * For the levels.
     *
     * @param receiver the channel
     */
    protected MultishotAsk(Receiver<Value> receiver) {
        this.receiver = receiver;
    }

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
    void reply(Object request, Value value) {
        ((Sender<Value>) request).send(value);
    }

    /** A receiver that makes a new sender for each request. */
    @Contender(value = "multishot, safe", role = Role.OURS)
    public static class Safe extends MultishotAsk {
        /** For JMH. */
        public Safe() {
            super(new Receiver<>());
        }
    }

    /** A receiver that recycles its sender. */
    @Contender(value = "multishot, recycling", role = Role.OURS, place = 1)
    public static class Recycling extends MultishotAsk {
        /** For JMH. */
        public Recycling() {
            super(Receiver.recycling());
        }
    }
}
