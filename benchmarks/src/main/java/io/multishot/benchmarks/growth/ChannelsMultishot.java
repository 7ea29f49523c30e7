package io.multishot.benchmarks.growth;

import io.multishot.Receiver;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Receivers that live for ever. */
@Contender(value = "multishot", role = Role.OURS)
public class ChannelsMultishot extends Channels {
    private final List<Receiver<Value>> receivers = new ArrayList<>();

    /** For JMH. */
    public ChannelsMultishot() {}

    @Override
    void make(int count) {
        for (int i = 0; i < count; i++) {
            receivers.add(new Receiver<>());
        }
    }

    @Override
    @Nullable Object round(int index) {
        Receiver<Value> receiver = receivers.get(index);
        receiver.sender().send(value);
        return receiver.tryReceive();
    }
}
