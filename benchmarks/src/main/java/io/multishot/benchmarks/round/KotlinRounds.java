package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.function.Consumer;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.CompletableDeferred;
import kotlinx.coroutines.CompletableDeferredKt;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.channels.BufferOverflow;
import kotlinx.coroutines.channels.Channel;
import kotlinx.coroutines.channels.ChannelKt;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** Kotlin's coroutines. */
public final class KotlinRounds {
    private KotlinRounds() {}

    /**
     * A channel with room for one, reused forever, between two continuations that nothing dispatches. It knows no drop.
     */
    @Contender("Kotlin Channel(1)")
    @SuppressWarnings("this-escape") // the callback is called after the constructor
    public static class ReusedChannel extends RoundState {
        private final Channel<Value> channel = ChannelKt.Channel(1, BufferOverflow.SUSPEND, null);
        private final Resumption<Value> receiving = new Resumption<>(this::deliver);
        private final Resumption<Unit> sending = new Resumption<>(unit -> {});

        /** For JMH. */
        public ReusedChannel() {}

        /**
         * Send, which finds room; receive, which finds the value.
         *
         * @return the value
         */
        @Benchmark
        public @Nullable Object ready() {
            channel.send(value, sending);
            return channel.receive(receiving);
        }

        /**
         * Send a new value, receive.
         *
         * @return the value
         */
        @Benchmark
        public @Nullable Object fresh() {
            channel.send(newValue(), sending);
            return channel.receive(receiving);
        }

        /**
         * Receive, which suspends; send, which resumes it.
         *
         * @return the value
         */
        @Benchmark
        public @Nullable Object pending() {
            channel.receive(receiving);
            channel.send(value, sending);
            return received;
        }

        private void deliver(@Nullable Object outcome) {
            woken++;
            received = outcome;
        }
    }

    /** A new deferred for each round, awaited by a continuation that nothing dispatches. */
    @Contender("Kotlin CompletableDeferred")
    @SuppressWarnings("this-escape") // the callback is called after the constructor
    public static class NewDeferred extends AwaitablePeer {
        private final Resumption<Value> resumption = new Resumption<>(this::deliver);

        /** For JMH. */
        public NewDeferred() {}

        @Override
        @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
            CompletableDeferred<Value> deferred = newDeferred();
            mailbox.consume(deferred);
            deferred.complete(sent);
            return deferred.await(resumption);
        }

        @Override
        @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
            CompletableDeferred<Value> deferred = newDeferred();
            mailbox.consume(deferred);
            deferred.await(resumption);
            deferred.complete(sent);
            return received;
        }

        private static CompletableDeferred<Value> newDeferred() {
            return CompletableDeferredKt.CompletableDeferred((@Nullable Job) null);
        }
    }

    /**
     * What the Kotlin compiler makes of the code after a suspension point, by hand. Nothing dispatches it: it runs at
     * once.
     */
    record Resumption<T>(Consumer<@Nullable Object> then) implements Continuation<T> {
        @Override
        public CoroutineContext getContext() {
            return EmptyCoroutineContext.INSTANCE;
        }

        @Override
        public void resumeWith(Object result) {
            then.accept(result);
        }
    }
}
