package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/** A new promise for each round, that tells its listener on the sender's thread. */
@Contender("Netty DefaultPromise")
@SuppressWarnings("FutureReturnValueIgnored") // the promise itself, for chaining
public class NettyPromise extends AwaitablePeer {
    final FutureListener<Value> listener = done -> deliver(done.isSuccess() ? done.getNow() : done.cause());

    /** For JMH. */
    public NettyPromise() {}

    @Override
    @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
        DefaultPromise<Value> promise = newPromise();
        mailbox.consume(promise);
        promise.setSuccess(sent);
        return promise.getNow();
    }

    @Override
    @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
        DefaultPromise<Value> promise = newPromise();
        mailbox.consume(promise);
        promise.addListener(listener);
        promise.setSuccess(sent);
        return received;
    }

    static DefaultPromise<Value> newPromise() {
        return new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
    }
}
