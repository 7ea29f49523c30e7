package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** A new future for each round, that nobody waits for: it is looked at when it is done. */
@Contender("CompletableFuture")
public class Future extends RoundState {
    /** For JMH. */
    public Future() {}

    /**
     * New, complete, join.
     *
     * @param mailbox where the future goes
     * @return the value
     */
    @Benchmark
    public @Nullable Value ready(Blackhole mailbox) {
        return round(value, mailbox);
    }

    /**
     * New, complete with a new value, join.
     *
     * @param mailbox where the future goes
     * @return the value
     */
    @Benchmark
    public @Nullable Value fresh(Blackhole mailbox) {
        return round(newValue(), mailbox);
    }

    /**
     * New, complete exceptionally, join, which throws.
     *
     * @param mailbox where the future goes
     * @return the cause
     */
    @Benchmark
    public @Nullable Throwable failed(Blackhole mailbox) {
        CompletableFuture<Value> future = new CompletableFuture<>();
        mailbox.consume(future);
        future.completeExceptionally(fault);
        try {
            return future.isDone() ? new AssertionError(future.join()) : null;
        } catch (CompletionException failed) {
            return failed.getCause();
        }
    }

    private static @Nullable Value round(Value sent, Blackhole mailbox) {
        CompletableFuture<Value> future = new CompletableFuture<>();
        mailbox.consume(future);
        future.complete(sent);
        return future.isDone() ? future.join() : null;
    }
}
