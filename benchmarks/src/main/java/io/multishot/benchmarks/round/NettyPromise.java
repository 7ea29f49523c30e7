package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.jspecify.annotations.Nullable;

/** A new promise for each round, that tells its listener on the sender's thread. */
@Contender("Netty DefaultPromise")
@SuppressWarnings("FutureReturnValueIgnored") // the promise itself, for chaining
public class NettyPromise extends AwaitablePeer {
    final FutureListener<Value> listener = done -> deliver(done.isSuccess() ? done.getNow() : done.cause());

    /** For JMH. */
    public NettyPromise() {}

    @Override
    @Nullable Object sendThenReceive(Value sent) {
        DefaultPromise<Value> promise = newPromise();
        promise.setSuccess(sent);
        return promise.getNow();
    }

    @Override
    @Nullable Object awaitThenSend(Value sent) {
        DefaultPromise<Value> promise = newPromise();
        promise.addListener(listener);
        promise.setSuccess(sent);
        return received;
    }

    @Override
    boolean awaitThenDrop() {
        DefaultPromise<Value> promise = newPromise();
        promise.addListener(listener);
        promise.setFailure(fault);
        return received == fault;
    }

    static DefaultPromise<Value> newPromise() {
        return new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
    }
}
