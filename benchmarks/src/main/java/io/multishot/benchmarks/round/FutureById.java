package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/** A new future for each round, with a callback, that the answer finds in a map by the number of the request. */
@Contender("CompletableFuture, whenComplete, in a ConcurrentHashMap by id")
@SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns
public class FutureById extends RoundState {
    /** What is registered, the same in all rounds. */
    final BiConsumer<@Nullable Value, @Nullable Throwable> callback = (value, thrown) -> {
        woken++;
        received = value == null ? thrown : value;
    };

    private final ConcurrentHashMap<Long, CompletableFuture<Value>> inFlight = new ConcurrentHashMap<>();
    private long id;

    /** For JMH. */
    public FutureById() {}

    /**
     * New, put, whenComplete, remove, complete.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object pending() {
        CompletableFuture<Value> found = ask();
        if (found != null) {
            found.complete(value);
        }
        return received;
    }

    /**
     * New, put, whenComplete, remove, complete exceptionally with an exception that was made before.
     *
     * @return true if the callback got it
     */
    @Benchmark
    public boolean dropped() {
        CompletableFuture<Value> found = ask();
        if (found != null) {
            found.completeExceptionally(fault);
        }
        return received == fault;
    }

    private @Nullable CompletableFuture<Value> ask() {
        long request = id++;
        CompletableFuture<Value> future = new CompletableFuture<>();
        inFlight.put(request, future);
        future.whenComplete(callback);
        return inFlight.remove(request);
    }
}
