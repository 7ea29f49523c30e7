package io.multishot.benchmarks.round;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** A receiver that is polled with another waker than the last time, every time: what it costs not to hold on to one. */
@Contender(value = "multishot, changing wakers", role = Role.OURS, place = 2)
public class MultishotOtherWakers extends RoundState {
    private final Waker first = () -> woken++;
    private final Waker second = () -> woken += 2;
    private final Receiver<Value> receiver = new Receiver<>();
    private boolean odd;

    /** For JMH. */
    public MultishotOtherWakers() {}

    /**
     * Sender, poll with the waker of the round before last, send, poll, take.
     *
     * @param mailbox where the sender goes
     * @return the value
     */
    @Benchmark
    public @Nullable Value pending(Blackhole mailbox) {
        odd = !odd;
        Waker waker = odd ? first : second;
        Sender<Value> sender = receiver.sender();
        mailbox.consume(sender);
        boolean pending = receiver.poll(waker) == Poll.PENDING;
        sender.send(value);
        return pending && receiver.poll(waker) == Poll.READY ? receiver.take() : null;
    }

    /**
     * Sender, poll, poll with the other waker, send, poll, take.
     *
     * @param mailbox where the sender goes
     * @return the value
     */
    @Benchmark
    public @Nullable Value replaced(Blackhole mailbox) {
        Sender<Value> sender = receiver.sender();
        mailbox.consume(sender);
        boolean pending = receiver.poll(first) == Poll.PENDING && receiver.poll(second) == Poll.PENDING;
        sender.send(value);
        return pending && receiver.poll(second) == Poll.READY ? receiver.take() : null;
    }
}
