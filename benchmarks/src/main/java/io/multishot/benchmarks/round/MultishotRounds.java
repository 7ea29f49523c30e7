package io.multishot.benchmarks.round;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import io.multishot.Waker;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** The rounds of this library, for each level of protection. */
public abstract class MultishotRounds extends RoundState {
    static {
        new Receiver<Value>()
                .close(); // initializes the constants of the library, as an earlier channel does in real life
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

    /** A receiver that makes a new sender for each round. */
    @Contender(value = "multishot, safe", role = Role.OURS)
    public static class Safe extends MultishotRounds {
        /** For JMH. */
        public Safe() {
            super(new Receiver<>());
        }
    }

    /** A receiver that recycles its sender. */
    @Contender(value = "multishot, recycling", role = Role.OURS, place = 1)
    public static class Recycling extends MultishotRounds {
        /** For JMH. */
        public Recycling() {
            super(Receiver.recycling());
        }
    }

    /**
     * A recycling receiver that is polled with another waker than the last time, every time: what it costs not to hold
     * on to one.
     */
    @Contender(value = "multishot, recycling, changing wakers", role = Role.OURS, place = 2)
    public static class ChangingWakers extends RoundState {
        private final Waker first = () -> woken++;
        private final Waker second = () -> woken += 2;
        private final Receiver<Value> receiver = Receiver.recycling();
        private boolean odd;

        /** For JMH. */
        public ChangingWakers() {}

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
}
