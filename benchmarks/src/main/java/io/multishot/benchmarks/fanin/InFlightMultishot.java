package io.multishot.benchmarks.fanin;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.util.List;
import java.util.stream.Stream;

/** A receiver for each question that can be under way. */
@Contender(value = "multishot", role = Role.OURS)
public class InFlightMultishot extends InFlight {
    private List<Receiver<Value>> receivers = List.of();

    /** For JMH. */
    public InFlightMultishot() {}

    @Override
    void prepare(int questions) {
        receivers =
                Stream.generate(() -> new Receiver<Value>()).limit(questions).toList();
    }

    @Override
    Object question(int index) {
        return receivers.get(index).sender();
    }

    @Override
    Value await(int index) throws InterruptedException {
        return receivers.get(index).receive();
    }

    @Override
    @SuppressWarnings("unchecked")
    void answer(Object question, Value value) {
        ((Sender<Value>) question).send(value);
    }
}
