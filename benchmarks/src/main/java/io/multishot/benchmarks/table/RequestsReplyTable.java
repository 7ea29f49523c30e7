package io.multishot.benchmarks.table;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Waker;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.util.List;
import java.util.stream.Stream;

/** A table with as many slots as there are requests, and a receiver for each of them. */
@Contender(value = "multishot ReplyTable", role = Role.OURS)
public class RequestsReplyTable extends Requests {
    private static final Waker WAKER = () -> {};

    private ReplyTable<Value> table = new ReplyTable<>(1);
    private List<Receiver<Value>> receivers = List.of();

    /** For JMH. */
    public RequestsReplyTable() {}

    @Override
    void join(Shared shared) {
        table = shared.table(() -> new ReplyTable<>(capacity()));
        receivers = Stream.generate(() -> new Receiver<Value>()).limit(inFlight).toList();
    }

    @Override
    long open(int index) {
        return table.open(receivers.get(index).sender());
    }

    @Override
    void reply(long number) {
        table.send(number, value);
    }

    @Override
    Value receive(int index) throws Exception {
        return receivers.get(index).receive();
    }

    @Override
    void timeOut(int index, long number) {
        table.drop(number);
    }

    @Override
    void receiveNothing(int index) {
        if (receivers.get(index).poll(WAKER) != Poll.DROPPED) {
            throw new IllegalStateException("the reply came");
        }
    }
}
