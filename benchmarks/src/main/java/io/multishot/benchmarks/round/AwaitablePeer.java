package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Value;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** The rounds of a peer that can notify its receiver. */
public abstract class AwaitablePeer extends RoundState {
    private static final Object NOTHING = "nothing";

    /** For the peers. */
    protected AwaitablePeer() {}

    /**
     * Send, then receive.
     *
     * @param mailbox where the sending half goes
     * @return the value
     */
    @Benchmark
    public @Nullable Object ready(Blackhole mailbox) {
        return sendThenReceive(value, mailbox);
    }

    /**
     * Send a new value, then receive.
     *
     * @param mailbox where the sending half goes
     * @return the value
     */
    @Benchmark
    public @Nullable Object fresh(Blackhole mailbox) {
        return sendThenReceive(newValue(), mailbox);
    }

    /**
     * Register a callback, then send.
     *
     * @param mailbox where the sending half goes
     * @return the value
     */
    @Benchmark
    public @Nullable Object pending(Blackhole mailbox) {
        return awaitThenSend(value, mailbox);
    }

    /**
     * Register a callback, then end without a value.
     *
     * @param mailbox where the sending half goes
     * @return true if the receiver was notified
     */
    @Benchmark
    public boolean dropped(Blackhole mailbox) {
        awaitThenSend(null, mailbox);
        return received == NOTHING;
    }

    abstract @Nullable Object sendThenReceive(Value sent, Blackhole mailbox);

    /** Returns what was delivered. Null ends the round without a value. */
    abstract @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox);

    /** Called by the callbacks. */
    final void deliver(@Nullable Object outcome) {
        woken++;
        received = outcome == null ? NOTHING : outcome;
    }
}
