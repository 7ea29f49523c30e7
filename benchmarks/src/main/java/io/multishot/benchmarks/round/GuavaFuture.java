package io.multishot.benchmarks.round;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.SettableFuture;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/** A new settable future for each round, with a callback on the direct executor. */
@Contender("Guava SettableFuture")
public class GuavaFuture extends AwaitablePeer {
    private final FutureCallback<@Nullable Value> callback = new FutureCallback<>() {
        @Override
        public void onSuccess(@Nullable Value result) {
            deliver(result);
        }

        @Override
        public void onFailure(Throwable thrown) {
            deliver(thrown);
        }
    };

    /** For JMH. */
    public GuavaFuture() {}

    @Override
    @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
        SettableFuture<@Nullable Value> future = SettableFuture.create();
        mailbox.consume(future);
        future.set(sent);
        try {
            return Futures.getDone(future);
        } catch (ExecutionException failed) {
            return failed;
        }
    }

    @Override
    @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
        SettableFuture<@Nullable Value> future = SettableFuture.create();
        mailbox.consume(future);
        Futures.addCallback(future, callback, MoreExecutors.directExecutor());
        future.set(sent);
        return received;
    }
}
