package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Futures of the JDK, a new one for each request. */
public final class FutureAsk {
    private FutureAsk() {}

    /** A new future for each request. */
    @Contender("CompletableFuture")
    public static class WithoutId extends SpinningAsk {
        /** For JMH. */
        public WithoutId() {}

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
        void reply(Object request, Value value) {
            ((CompletableFuture<Value>) request).complete(value);
        }
    }

    /** A new future for each request, which goes with a number, as over a network. */
    @Contender("CompletableFuture in a ConcurrentHashMap by id")
    public static class ById extends SpinningAsk {
        private final ConcurrentHashMap<Long, CompletableFuture<Value>> inFlight = new ConcurrentHashMap<>();
        private long id;

        /** For JMH. */
        public ById() {}

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
        void reply(Object request, Value value) {
            CompletableFuture<Value> found = inFlight.remove((Long) request);
            if (found != null) {
                found.complete(value);
            }
        }

        private CompletableFuture<Value> ask() {
            Long request = id++;
            CompletableFuture<Value> future = new CompletableFuture<>();
            inFlight.put(request, future);
            post(request);
            return future;
        }
    }
}
