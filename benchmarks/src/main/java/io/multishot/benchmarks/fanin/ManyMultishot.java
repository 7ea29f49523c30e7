package io.multishot.benchmarks.fanin;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import org.jspecify.annotations.Nullable;

/** A receiver for each requester. */
@Contender(value = "multishot", role = Role.OURS)
public class ManyMultishot extends ManyRequesters {
    private final Receiver<Value> receiver = new Receiver<>();
    private @Nullable Sender<Value> sender;

    /** For JMH. */
    public ManyMultishot() {}

    @Override
    void begin() {
        sender = receiver.sender();
    }

    @Override
    void answer(Value value) {
        Sender<Value> asked = sender;
        if (asked != null) {
            asked.send(value);
        }
    }

    @Override
    Value await() throws InterruptedException {
        return receiver.receive();
    }
}
