package io.multishot.benchmarks.fanin;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;

/** A new future for each question. */
@Contender("CompletableFuture")
public class ManyFuture extends ManyRequesters {
    private CompletableFuture<Value> future = new CompletableFuture<>();

    /** For JMH. */
    public ManyFuture() {}

    @Override
    void begin() {
        future = new CompletableFuture<>();
    }

    @Override
    void answer(Value value) {
        future.complete(value);
    }

    @Override
    Value await() throws Exception {
        return future.get();
    }
}
