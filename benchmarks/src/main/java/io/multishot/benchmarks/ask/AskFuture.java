package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;

/** A new future for each question. */
@Contender("CompletableFuture")
public class AskFuture extends SpinningAsk {
    /** For JMH. */
    public AskFuture() {}

    @Override
    Value askAndBlock() throws Exception {
        CompletableFuture<Value> future = new CompletableFuture<>();
        post(future);
        return future.get();
    }

    @Override
    Value askAndSpin() {
        CompletableFuture<Value> future = new CompletableFuture<>();
        post(future);
        while (!future.isDone()) {
            Thread.onSpinWait();
        }
        return future.join();
    }

    @Override
    @SuppressWarnings("unchecked")
    void answer(Object question, Value value) {
        ((CompletableFuture<Value>) question).complete(value);
    }
}
