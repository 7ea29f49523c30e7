package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/** A new future for each round, with a callback. The callback is the same object in all rounds. */
@Contender("CompletableFuture, whenComplete")
@SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns
public class FutureWithCallback extends RoundState {
    /** What is registered, the same in all rounds. */
    final BiConsumer<@Nullable Value, @Nullable Throwable> callback = (value, thrown) -> {
        woken++;
        received = value == null ? thrown : value;
    };

    /** For JMH. */
    public FutureWithCallback() {}

    /**
     * New, complete, whenComplete.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object ready() {
        CompletableFuture<Value> future = new CompletableFuture<>();
        future.complete(value);
        future.whenComplete(callback);
        return received;
    }

    /**
     * New, whenComplete, complete.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object pending() {
        CompletableFuture<Value> future = new CompletableFuture<>();
        future.whenComplete(callback);
        future.complete(value);
        return received;
    }

    /**
     * New, whenComplete, complete exceptionally with an exception that was made before.
     *
     * @return true if the callback got it
     */
    @Benchmark
    public boolean dropped() {
        CompletableFuture<Value> future = new CompletableFuture<>();
        future.whenComplete(callback);
        future.completeExceptionally(fault);
        return received == fault;
    }
}
