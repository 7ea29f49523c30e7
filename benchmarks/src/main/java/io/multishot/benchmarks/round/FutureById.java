package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/** A new future for each round, with a callback, that the answer finds in a map by the number of the request. */
@Contender("CompletableFuture, whenComplete, in a ConcurrentHashMap by id")
@SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns
public class FutureById extends AwaitablePeer {
    final BiConsumer<@Nullable Value, @Nullable Throwable> callback =
            (value, thrown) -> deliver(value == null ? thrown : value);

    private final ConcurrentHashMap<Long, CompletableFuture<Value>> inFlight = new ConcurrentHashMap<>();
    private long id;

    /** For JMH. */
    public FutureById() {}

    @Override
    @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
        long request = id++;
        CompletableFuture<Value> future = new CompletableFuture<>();
        inFlight.put(request, future);
        CompletableFuture<Value> found = inFlight.remove(request);
        mailbox.consume(found);
        if (found != null) {
            found.complete(sent);
        }
        future.whenComplete(callback);
        return received;
    }

    @Override
    @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
        CompletableFuture<Value> found = ask();
        mailbox.consume(found);
        if (found != null) {
            found.complete(sent);
        }
        return received;
    }

    private @Nullable CompletableFuture<Value> ask() {
        long request = id++;
        CompletableFuture<Value> future = new CompletableFuture<>();
        inFlight.put(request, future);
        future.whenComplete(callback);
        return inFlight.remove(request);
    }
}
