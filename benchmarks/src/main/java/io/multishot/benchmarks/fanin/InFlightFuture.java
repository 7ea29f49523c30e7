package io.multishot.benchmarks.fanin;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A new future for each question. */
@Contender("CompletableFuture")
public class InFlightFuture extends InFlight {
    private final List<CompletableFuture<Value>> futures = new ArrayList<>();

    /** For JMH. */
    public InFlightFuture() {}

    @Override
    void prepare(int questions) {
        for (int i = 0; i < questions; i++) {
            futures.add(new CompletableFuture<>());
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is not ignored by those who know it
    Object question(int index) {
        CompletableFuture<Value> future = new CompletableFuture<>();
        futures.set(index, future);
        return future;
    }

    @Override
    Value await(int index) throws Exception {
        return futures.get(index).get();
    }

    @Override
    @SuppressWarnings("unchecked")
    void answer(Object question, Value value) {
        ((CompletableFuture<Value>) question).complete(value);
    }
}
