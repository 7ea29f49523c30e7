package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Value;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/** The rounds of a queue, reused for ever. It wakes nobody, and knows neither a drop nor whose answer it holds. */
public abstract class QueuePeer extends RoundState {
    private final Queue<Value> queue;

    /**
     * For the peers.
     *
     * @param queue an empty queue
     */
    protected QueuePeer(Queue<Value> queue) {
        this.queue = queue;
    }

    /**
     * Offer, poll.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Value ready() {
        queue.offer(value);
        return queue.poll();
    }

    /**
     * Offer a new value, poll.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Value fresh() {
        queue.offer(newValue());
        return queue.poll();
    }
}
