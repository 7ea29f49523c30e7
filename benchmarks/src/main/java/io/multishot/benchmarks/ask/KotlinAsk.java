package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.CompletableDeferred;
import kotlinx.coroutines.CompletableDeferredKt;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.channels.BufferOverflow;
import kotlinx.coroutines.channels.Channel;
import kotlinx.coroutines.channels.ChannelKt;
import org.jspecify.annotations.Nullable;

/** Kotlin's coroutines, awaited in runBlocking. */
public final class KotlinAsk {
    private KotlinAsk() {}

    /** A channel that lives as long as the requester, awaited in runBlocking. */
    @Contender("Kotlin Channel(1)")
    public static class ReusedChannel extends ParkingAsk {
        private final Channel<Value> replies = ChannelKt.Channel(1, BufferOverflow.SUSPEND, null);

        /** For JMH. */
        public ReusedChannel() {}

        @Override
        Value askAndBlock() throws InterruptedException {
            post(replies);
            return BuildersKt.runBlocking(
                    EmptyCoroutineContext.INSTANCE, (scope, continuation) -> replies.receive(continuation));
        }

        @Override
        void reply(Object request, Value value) throws InterruptedException {
            BuildersKt.runBlocking(
                    EmptyCoroutineContext.INSTANCE, (scope, continuation) -> replies.send(value, continuation));
        }
    }

    /** A new deferred for each request, awaited in runBlocking. */
    @Contender("Kotlin CompletableDeferred")
    public static class NewDeferred extends SpinningAsk {
        /** For JMH. */
        public NewDeferred() {}

        @Override
        Value askAndBlock() throws InterruptedException {
            CompletableDeferred<Value> deferred = CompletableDeferredKt.CompletableDeferred((@Nullable Job) null);
            post(deferred);
            return BuildersKt.runBlocking(
                    EmptyCoroutineContext.INSTANCE, (scope, continuation) -> deferred.await(continuation));
        }

        @Override
        Value askAndSpin() {
            CompletableDeferred<Value> deferred = CompletableDeferredKt.CompletableDeferred((@Nullable Job) null);
            post(deferred);
            while (!deferred.isCompleted()) {
                Thread.onSpinWait();
            }
            return deferred.getCompleted();
        }

        @Override
        @SuppressWarnings("unchecked")
        void reply(Object request, Value value) {
            ((CompletableDeferred<Value>) request).complete(value);
        }
    }
}
