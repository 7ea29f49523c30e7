package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A new future for each question, which goes with a number, as over a network. */
@Contender("CompletableFuture in a ConcurrentHashMap by id")
public class AskFutureById extends SpinningAsk {
    private final ConcurrentHashMap<Long, CompletableFuture<Value>> inFlight = new ConcurrentHashMap<>();
    private long id;

    /** For JMH. */
    public AskFutureById() {}

    @Override
    Value askAndBlock() throws Exception {
        return ask().get();
    }

    @Override
    Value askAndSpin() {
        CompletableFuture<Value> future = ask();
        while (!future.isDone()) {
            Thread.onSpinWait();
        }
        return future.join();
    }

    @Override
    void answer(Object question, Value value) {
        CompletableFuture<Value> found = inFlight.remove((Long) question);
        if (found != null) {
            found.complete(value);
        }
    }

    private CompletableFuture<Value> ask() {
        Long question = id++;
        CompletableFuture<Value> future = new CompletableFuture<>();
        inFlight.put(question, future);
        post(question);
        return future;
    }
}
