package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** A new promise for each request, outside of any event loop. */
@Contender("Vert.x Promise")
public class AskVertx extends SpinningAsk {
    /** For JMH. */
    public AskVertx() {}

    @Override
    Value askAndBlock() throws Exception {
        Promise<Value> promise = Promise.promise();
        post(promise);
        return promise.future().toCompletionStage().toCompletableFuture().get();
    }

    @Override
    Value askAndSpin() {
        Promise<Value> promise = Promise.promise();
        post(promise);
        Future<Value> future = promise.future();
        while (!future.isComplete()) {
            Thread.onSpinWait();
        }
        return future.result();
    }

    @Override
    @SuppressWarnings("unchecked")
    void reply(Object request, Value value) {
        ((Promise<Value>) request).complete(value);
    }
}
