package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import kotlin.Unit;
import kotlinx.coroutines.channels.BufferOverflow;
import kotlinx.coroutines.channels.Channel;
import kotlinx.coroutines.channels.ChannelKt;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * A channel with room for one, reused for ever, between two continuations that nothing dispatches. It knows no drop.
 */
@Contender("Kotlin Channel(1)")
@SuppressWarnings("this-escape") // the callback is called after the constructor
public class KotlinChannel extends RoundState {
    private final Channel<Value> channel = ChannelKt.Channel(1, BufferOverflow.SUSPEND, null);
    private final Resumption<Value> receiving = new Resumption<>(this::deliver);
    private final Resumption<Unit> sending = new Resumption<>(unit -> {});

    /** For JMH. */
    public KotlinChannel() {}

    /**
     * Send, which finds room; receive, which finds the value.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object ready() {
        channel.send(value, sending);
        return channel.receive(receiving);
    }

    /**
     * Send a new value, receive.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object fresh() {
        channel.send(newValue(), sending);
        return channel.receive(receiving);
    }

    /**
     * Receive, which suspends; send, which resumes it.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object pending() {
        channel.receive(receiving);
        channel.send(value, sending);
        return received;
    }

    private void deliver(@Nullable Object outcome) {
        woken++;
        received = outcome;
    }
}
