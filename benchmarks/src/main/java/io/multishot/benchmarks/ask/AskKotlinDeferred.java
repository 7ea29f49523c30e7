package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.CompletableDeferred;
import kotlinx.coroutines.CompletableDeferredKt;
import kotlinx.coroutines.Job;
import org.jspecify.annotations.Nullable;

/** A new deferred for each question, awaited in runBlocking. */
@Contender("Kotlin CompletableDeferred")
public class AskKotlinDeferred extends SpinningAsk {
    /** For JMH. */
    public AskKotlinDeferred() {}

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
    void answer(Object question, Value value) {
        ((CompletableDeferred<Value>) question).complete(value);
    }
}
