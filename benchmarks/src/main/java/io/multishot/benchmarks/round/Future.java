package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/** A new future for each round, that nobody waits for: it is looked at when it is done. */
@Contender("CompletableFuture")
public class Future extends RoundState {
    /** For JMH. */
    public Future() {}

    /**
     * New, complete, join.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Value ready() {
        return round(value);
    }

    /**
     * New, complete with a new value, join.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Value fresh() {
        return round(newValue());
    }

    /**
     * New, complete exceptionally, join, which throws.
     *
     * @return the cause
     */
    @Benchmark
    public @Nullable Throwable failed() {
        CompletableFuture<Value> future = new CompletableFuture<>();
        future.completeExceptionally(fault);
        try {
            return future.isDone() ? new AssertionError(future.join()) : null;
        } catch (CompletionException failed) {
            return failed.getCause();
        }
    }

    private static @Nullable Value round(Value sent) {
        CompletableFuture<Value> future = new CompletableFuture<>();
        future.complete(sent);
        return future.isDone() ? future.join() : null;
    }
}
