package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import io.vertx.core.Completable;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/** A new promise for each round, outside of any event loop. */
@Contender("Vert.x Promise")
@SuppressWarnings("FutureReturnValueIgnored") // the future itself, for chaining
public class VertxPromise extends AwaitablePeer {
    final Completable<Value> callback = (value, thrown) -> deliver(value == null ? thrown : value);

    /** For JMH. */
    public VertxPromise() {}

    @Override
    @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
        Promise<Value> promise = Promise.promise();
        mailbox.consume(promise);
        promise.complete(sent);
        return promise.future().result();
    }

    @Override
    @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
        Promise<Value> promise = Promise.promise();
        mailbox.consume(promise);
        promise.future().onComplete(callback);
        promise.complete(sent);
        return received;
    }
}
