package io.multishot.benchmarks.ask;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.SettableFuture;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;

/** A new settable future for each request. */
@Contender("Guava SettableFuture")
public class AskGuava extends SpinningAsk {
    /** For JMH. */
    public AskGuava() {}

    @Override
    Value askAndBlock() throws Exception {
        SettableFuture<Value> future = SettableFuture.create();
        post(future);
        return future.get();
    }

    @Override
    Value askAndSpin() throws Exception {
        SettableFuture<Value> future = SettableFuture.create();
        post(future);
        while (!future.isDone()) {
            Thread.onSpinWait();
        }
        return Futures.getDone(future);
    }

    @Override
    @SuppressWarnings("unchecked")
    void reply(Object request, Value value) {
        ((SettableFuture<Value>) request).set(value);
    }
}
