package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A new future for each question, whose continuation runs on the loop. */
@Contender("CompletableFuture, thenAcceptAsync")
public class LoopFuture extends EventLoopAsk {
    /** What the requester does with the answer. */
    final Consumer<Value> step = this::step;

    /** For JMH. */
    public LoopFuture() {}

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // what thenAcceptAsync returns
    void ask() {
        CompletableFuture<Value> future = new CompletableFuture<>();
        future.thenAcceptAsync(step, loop);
        responder.execute(() -> future.complete(value));
    }

    private void step(Value answer) {
        if (answered(answer)) {
            ask();
        }
    }
}
