package io.multishot.benchmarks.table;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The channel alone: whoever answers has the sender in hand. What a table adds is the difference. */
@Contender(value = "floor: senders in hand, no table", role = Role.FLOOR)
public class RequestsFloor extends Requests {
    private static final Waker WAKER = () -> {};

    private List<Receiver<Value>> receivers = List.of();
    private final List<@Nullable Sender<Value>> senders = new ArrayList<>();

    /** For JMH. */
    public RequestsFloor() {}

    @Override
    void join(Shared shared) {
        receivers = Stream.generate(() -> new Receiver<Value>()).limit(inFlight).toList();
        senders.addAll(Collections.nCopies(inFlight, null));
    }

    @Override
    long open(int index) {
        senders.set(index, receivers.get(index).sender());
        return index;
    }

    @Override
    void reply(long number) {
        Sender<Value> sender = senders.get((int) number);
        if (sender != null) {
            sender.send(value);
        }
    }

    @Override
    Value receive(int index) throws Exception {
        return receivers.get(index).receive();
    }

    @Override
    void timeOut(int index, long number) {
        Sender<Value> sender = senders.set(index, null);
        if (sender != null) {
            sender.drop();
        }
    }

    @Override
    void receiveNothing(int index) {
        if (receivers.get(index).poll(WAKER) != Poll.DROPPED) {
            throw new IllegalStateException("the reply came");
        }
    }
}
