package io.multishot.benchmarks.round;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import io.multishot.Waker;
import io.multishot.benchmarks.Value;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/** The rounds of this library, for each level of protection. */
public abstract class MultishotRounds extends RoundState {
    /** The waker that is registered, the same one in all rounds. */
    final Waker waker = () -> woken++;

    /** The channel. */
    final Receiver<Value> receiver;

    /**
     * For the levels.
     *
     * @param receiver the channel
     */
    protected MultishotRounds(Receiver<Value> receiver) {
        this.receiver = receiver;
    }

    /**
     * Sender, send, poll, take.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Value ready() {
        receiver.sender().send(value);
        return receiver.poll(waker) == Poll.READY ? receiver.take() : null;
    }

    /**
     * Sender, send a new value, poll, take.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Value fresh() {
        receiver.sender().send(newValue());
        return receiver.poll(waker) == Poll.READY ? receiver.take() : null;
    }

    /**
     * Sender, poll, send, poll, take.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Value pending() {
        return pendingFor(waker);
    }

    /**
     * Sender, poll, drop, poll.
     *
     * @return true if the drop was seen
     */
    @Benchmark
    public boolean dropped() {
        Sender<Value> sender = receiver.sender();
        boolean pending = receiver.poll(waker) == Poll.PENDING;
        sender.drop();
        return pending && receiver.poll(waker) == Poll.DROPPED;
    }

    /**
     * Sender, fail, poll, take, which throws.
     *
     * @return the cause
     */
    @Benchmark
    public @Nullable Throwable failed() {
        receiver.sender().fail(fault);
        try {
            return receiver.poll(waker) == Poll.FAILED ? unexpected(receiver.take()) : null;
        } catch (SenderFailedException failed) {
            return failed.getCause();
        }
    }

    /**
     * Sender, send, tryReceive.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Value tried() {
        receiver.sender().send(value);
        return receiver.tryReceive();
    }

    /**
     * Sender, send; the next sender discards the value.
     *
     * @return true if the value was handed over
     */
    @Benchmark
    public boolean recycled() {
        return receiver.sender().send(value);
    }

    final @Nullable Value pendingFor(Waker waker) {
        Sender<Value> sender = receiver.sender();
        boolean pending = receiver.poll(waker) == Poll.PENDING;
        sender.send(value);
        return pending && receiver.poll(waker) == Poll.READY ? receiver.take() : null;
    }

    private static Throwable unexpected(Value value) {
        return new AssertionError(value);
    }
}
