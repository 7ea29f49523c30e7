package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A new future for each round, with a callback. The callback is the same object in all rounds. */
@Contender("CompletableFuture, whenComplete")
@SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns
public class FutureWithCallback extends AwaitablePeer {
    final BiConsumer<@Nullable Value, @Nullable Throwable> callback =
            (value, thrown) -> deliver(value == null ? thrown : value);

    /** For JMH. */
    public FutureWithCallback() {}

    @Override
    @Nullable Object sendThenReceive(Value sent) {
        CompletableFuture<Value> future = new CompletableFuture<>();
        future.complete(sent);
        future.whenComplete(callback);
        return received;
    }

    @Override
    @Nullable Object awaitThenSend(Value sent) {
        CompletableFuture<Value> future = new CompletableFuture<>();
        future.whenComplete(callback);
        future.complete(sent);
        return received;
    }

    @Override
    boolean awaitThenDrop() {
        CompletableFuture<Value> future = new CompletableFuture<>();
        future.whenComplete(callback);
        future.completeExceptionally(fault);
        return received == fault;
    }
}
