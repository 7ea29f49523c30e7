package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Value;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/** The rounds of a peer that can tell its receiver that the value is there. */
public abstract class AwaitablePeer extends RoundState {
    /** For the peers. */
    protected AwaitablePeer() {}

    /**
     * Send, then receive.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object ready() {
        return sendThenReceive(value);
    }

    /**
     * Send a new value, then receive.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object fresh() {
        return sendThenReceive(newValue());
    }

    /**
     * Register a callback, then send.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object pending() {
        return awaitThenSend(value);
    }

    /**
     * Register a callback, then end without a value.
     *
     * @return true if the receiver learnt of it
     */
    @Benchmark
    public boolean dropped() {
        return awaitThenDrop();
    }

    abstract @Nullable Object sendThenReceive(Value sent);

    abstract @Nullable Object awaitThenSend(Value sent);

    abstract boolean awaitThenDrop();

    /** What the callbacks do. */
    final void deliver(@Nullable Object outcome) {
        woken++;
        received = outcome;
    }
}
