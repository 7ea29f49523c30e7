package io.multishot.benchmarks.round;

import com.softwaremill.jox.Channel;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import org.openjdk.jmh.annotations.Benchmark;

/** A channel of Jox with room for one, reused forever. It waits by blocking the thread only, and knows no drop. */
@Contender("Jox Channel(1)")
public class JoxChannel extends RoundState {
    private final Channel<Value> channel = Channel.newBufferedChannel(1);

    /** For JMH. */
    public JoxChannel() {}

    /**
     * Send, which finds room; receive, which finds the value.
     *
     * @return the value
     * @throws InterruptedException never
     */
    @Benchmark
    public Value ready() throws InterruptedException {
        channel.send(value);
        return channel.receive();
    }

    /**
     * Send a new value, receive.
     *
     * @return the value
     * @throws InterruptedException never
     */
    @Benchmark
    public Value fresh() throws InterruptedException {
        channel.send(newValue());
        return channel.receive();
    }
}
