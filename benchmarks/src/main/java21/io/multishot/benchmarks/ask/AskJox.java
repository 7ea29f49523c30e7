package io.multishot.benchmarks.ask;

import com.softwaremill.jox.Channel;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;

/** A channel that lives as long as the requester. */
@Contender("Jox Channel(1)")
public class AskJox extends ParkingAsk {
    private final Channel<Value> replies = Channel.newBufferedChannel(1);

    /** For JMH. */
    public AskJox() {}

    @Override
    Value askAndBlock() throws InterruptedException {
        post(replies);
        return replies.receive();
    }

    @Override
    void reply(Object request, Value value) throws InterruptedException {
        replies.send(value);
    }
}
