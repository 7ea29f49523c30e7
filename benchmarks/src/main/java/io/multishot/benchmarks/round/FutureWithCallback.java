package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/** A new future for each round, with a callback. The callback is the same object in all rounds. */
@Contender("CompletableFuture, whenComplete")
@SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns
public class FutureWithCallback extends AwaitablePeer {
    final BiConsumer<@Nullable Value, @Nullable Throwable> callback =
            (value, thrown) -> deliver(value == null ? thrown : value);

    /** For JMH. */
    public FutureWithCallback() {}

    @Override
    @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
        CompletableFuture<Value> future = new CompletableFuture<>();
        mailbox.consume(future);
        future.complete(sent);
        future.whenComplete(callback);
        return received;
    }

    @Override
    @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
        CompletableFuture<Value> future = new CompletableFuture<>();
        mailbox.consume(future);
        future.whenComplete(callback);
        future.complete(sent);
        return received;
    }
}
