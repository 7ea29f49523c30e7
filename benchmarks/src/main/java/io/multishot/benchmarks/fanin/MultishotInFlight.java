package io.multishot.benchmarks.fanin;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.benchmarks.Value;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A receiver of this library for each question that can be under way, for each level of protection. */
public abstract class MultishotInFlight extends InFlight {
    private final Supplier<Receiver<Value>> channels;
    private List<Receiver<Value>> receivers = List.of();

    /**
     * For the levels.
     *
     * @param channels makes a channel
     */
    protected MultishotInFlight(Supplier<Receiver<Value>> channels) {
        this.channels = channels;
    }

    @Override
    void prepare(int questions) {
        receivers = Stream.generate(channels).limit(questions).toList();
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
