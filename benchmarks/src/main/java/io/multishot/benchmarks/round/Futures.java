package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** Futures of the JDK, a new one for each round. */
public final class Futures {
    private Futures() {}

    /** A new future for each round without a waiter: it is polled when it is done. */
    @Contender("CompletableFuture")
    public static class WithoutCallback extends RoundState {
        /** For JMH. */
        public WithoutCallback() {}

        /**
         * New, complete, join.
         *
         * @param mailbox where the future goes
         * @return the value
         */
        @Benchmark
        public @Nullable Value ready(Blackhole mailbox) {
            return round(value, mailbox);
        }

        /**
         * New, complete with a new value, join.
         *
         * @param mailbox where the future goes
         * @return the value
         */
        @Benchmark
        public @Nullable Value fresh(Blackhole mailbox) {
            return round(newValue(), mailbox);
        }

        /**
         * New, complete exceptionally, join, which throws.
         *
         * @param mailbox where the future goes
         * @return the cause
         */
        @Benchmark
        public @Nullable Throwable failed(Blackhole mailbox) {
            CompletableFuture<Value> future = new CompletableFuture<>();
            mailbox.consume(future);
            future.completeExceptionally(fault);
            try {
                return future.isDone() ? new AssertionError(future.join()) : null;
            } catch (CompletionException failed) {
                return failed.getCause();
            }
        }

        private static @Nullable Value round(Value sent, Blackhole mailbox) {
            CompletableFuture<Value> future = new CompletableFuture<>();
            mailbox.consume(future);
            future.complete(sent);
            return future.isDone() ? future.join() : null;
        }
    }

    /** A new future for each round, with a callback. The callback is the same object in all rounds. */
    @Contender("CompletableFuture, whenComplete")
    @SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns
    public static class WithCallback extends AwaitablePeer {
        final BiConsumer<@Nullable Value, @Nullable Throwable> callback =
                (value, thrown) -> deliver(value == null ? thrown : value);

        /** For JMH. */
        public WithCallback() {}

        @Override
        @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
            CompletableFuture<Value> future = new CompletableFuture<>();
            mailbox.consume(future);
            future.complete(sent);
            future.whenComplete(callback);
            return received;
        }

        @Override
        @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
            CompletableFuture<Value> future = new CompletableFuture<>();
            mailbox.consume(future);
            future.whenComplete(callback);
            future.complete(sent);
            return received;
        }
    }

    /** A new future for each round, with a callback, found in a map by the number of the request. */
    @Contender("CompletableFuture, whenComplete, in a ConcurrentHashMap by id")
    @SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns
    public static class ById extends AwaitablePeer {
        final BiConsumer<@Nullable Value, @Nullable Throwable> callback =
                (value, thrown) -> deliver(value == null ? thrown : value);

        private final ConcurrentHashMap<Long, CompletableFuture<Value>> inFlight = new ConcurrentHashMap<>();
        private long id;

        /** For JMH. */
        public ById() {}

        @Override
        @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
            long request = id++;
            CompletableFuture<Value> future = new CompletableFuture<>();
            inFlight.put(request, future);
            CompletableFuture<Value> found = inFlight.remove(request);
            mailbox.consume(found);
            if (found != null) {
                found.complete(sent);
            }
            future.whenComplete(callback);
            return received;
        }

        @Override
        @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
            CompletableFuture<Value> found = ask();
            mailbox.consume(found);
            if (found != null) {
                found.complete(sent);
            }
            return received;
        }

        private @Nullable CompletableFuture<Value> ask() {
            long request = id++;
            CompletableFuture<Value> future = new CompletableFuture<>();
            inFlight.put(request, future);
            future.whenComplete(callback);
            return inFlight.remove(request);
        }
    }
}
