package io.multishot.benchmarks.round;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import io.multishot.Waker;
import io.multishot.benchmarks.Value;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** The rounds of this library, for each level of protection. */
public abstract class MultishotRounds extends RoundState {
    static {
        new Receiver<Value>().close(); // makes the constants of the library, as an earlier channel did in real life
    }

    /** The waker that is registered, the same one in all rounds. */
    final Waker waker = () -> woken++;

    /** The channel. */
    final Receiver<Value> receiver;

    /**
     * For the levels. It goes through a first round, so that the channel has what it keeps, as the other contenders
     * have.
     *
     * @param receiver the channel
     */
    protected MultishotRounds(Receiver<Value> receiver) {
        this.receiver = receiver;
        Sender<Value> first = receiver.sender();
        if (receiver.poll(waker) != Poll.PENDING || !first.drop() || receiver.poll(waker) != Poll.DROPPED) {
            throw new AssertionError("the first round went wrong");
        }
    }

    /**
     * Sender, send, poll, take.
     *
     * @param mailbox where the sender goes
     * @return the value
     */
    @Benchmark
    public @Nullable Value ready(Blackhole mailbox) {
        Sender<Value> sender = receiver.sender();
        mailbox.consume(sender);
        sender.send(value);
        return receiver.poll(waker) == Poll.READY ? receiver.take() : null;
    }

    /**
     * Sender, send a new value, poll, take.
     *
     * @param mailbox where the sender goes
     * @return the value
     */
    @Benchmark
    public @Nullable Value fresh(Blackhole mailbox) {
        Sender<Value> sender = receiver.sender();
        mailbox.consume(sender);
        sender.send(newValue());
        return receiver.poll(waker) == Poll.READY ? receiver.take() : null;
    }

    /**
     * Sender, poll, send, poll, take.
     *
     * @param mailbox where the sender goes
     * @return the value
     */
    @Benchmark
    public @Nullable Value pending(Blackhole mailbox) {
        Sender<Value> sender = receiver.sender();
        mailbox.consume(sender);
        boolean pending = receiver.poll(waker) == Poll.PENDING;
        sender.send(value);
        return pending && receiver.poll(waker) == Poll.READY ? receiver.take() : null;
    }

    /**
     * Sender, poll, drop, poll.
     *
     * @param mailbox where the sender goes
     * @return true if the drop was seen
     */
    @Benchmark
    public boolean dropped(Blackhole mailbox) {
        Sender<Value> sender = receiver.sender();
        mailbox.consume(sender);
        boolean pending = receiver.poll(waker) == Poll.PENDING;
        sender.drop();
        return pending && receiver.poll(waker) == Poll.DROPPED;
    }

    /**
     * Sender, fail, poll, take, which throws.
     *
     * @param mailbox where the sender goes
     * @return the cause
     */
    @Benchmark
    public @Nullable Throwable failed(Blackhole mailbox) {
        Sender<Value> sender = receiver.sender();
        mailbox.consume(sender);
        sender.fail(fault);
        try {
            return receiver.poll(waker) == Poll.FAILED ? unexpected(receiver.take()) : null;
        } catch (SenderFailedException failed) {
            return failed.getCause();
        }
    }

    /**
     * Sender, send, tryReceive.
     *
     * @param mailbox where the sender goes
     * @return the value
     */
    @Benchmark
    public @Nullable Value tried(Blackhole mailbox) {
        Sender<Value> sender = receiver.sender();
        mailbox.consume(sender);
        sender.send(value);
        return receiver.tryReceive();
    }

    /**
     * Sender, send; the next sender discards the value.
     *
     * @param mailbox where the sender goes
     * @return true if the value was handed over
     */
    @Benchmark
    public boolean recycled(Blackhole mailbox) {
        Sender<Value> sender = receiver.sender();
        mailbox.consume(sender);
        return sender.send(value);
    }

    private static Throwable unexpected(Value value) {
        return new AssertionError(value);
    }
}
