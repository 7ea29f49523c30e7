package io.multishot.benchmarks.fanin;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A new future for each question, which goes with a number, as over a network. */
@Contender("CompletableFuture in a ConcurrentHashMap by id")
public class InFlightFutureById extends InFlight {
    private final ConcurrentHashMap<Long, CompletableFuture<Value>> inFlight = new ConcurrentHashMap<>();
    private final List<CompletableFuture<Value>> futures = new ArrayList<>();
    private long id;

    /** For JMH. */
    public InFlightFutureById() {}

    @Override
    void prepare(int questions) {
        for (int i = 0; i < questions; i++) {
            futures.add(new CompletableFuture<>());
        }
    }

    @Override
    Object question(int index) {
        Long question = id++;
        CompletableFuture<Value> future = new CompletableFuture<>();
        futures.set(index, future);
        inFlight.put(question, future);
        return question;
    }

    @Override
    Value await(int index) throws Exception {
        return futures.get(index).get();
    }

    @Override
    void answer(Object question, Value value) {
        CompletableFuture<Value> found = inFlight.remove((Long) question);
        if (found != null) {
            found.complete(value);
        }
    }
}
