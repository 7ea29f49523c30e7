package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import kotlinx.coroutines.CompletableDeferred;
import kotlinx.coroutines.CompletableDeferredKt;
import kotlinx.coroutines.Job;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/** A new deferred for each round, awaited by a continuation that nothing dispatches. */
@Contender("Kotlin CompletableDeferred")
@SuppressWarnings("this-escape") // the callback is called after the constructor
public class KotlinDeferred extends AwaitablePeer {
    private final Resumption<Value> resumption = new Resumption<>(this::deliver);

    /** For JMH. */
    public KotlinDeferred() {}

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
