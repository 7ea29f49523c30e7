package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.GlobalEventExecutor;

/** A new promise for each request. It has an executor, for otherwise it forbids to block. */
@Contender("Netty DefaultPromise")
public class AskNetty extends SpinningAsk {
    /** For JMH. */
    public AskNetty() {}

    @Override
    Value askAndBlock() throws Exception {
        DefaultPromise<Value> promise = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);
        post(promise);
        return promise.get();
    }

    @Override
    Value askAndSpin() {
        DefaultPromise<Value> promise = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);
        post(promise);
        while (!promise.isDone()) {
            Thread.onSpinWait();
        }
        return promise.getNow();
    }

    @Override
    @SuppressWarnings({"unchecked", "FutureReturnValueIgnored"}) // the promise itself, for chaining
    void reply(Object request, Value value) {
        ((DefaultPromise<Value>) request).setSuccess(value);
    }
}
