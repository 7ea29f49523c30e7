package io.multishot.benchmarks.round;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.SettableFuture;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A new settable future for each round, with a callback on the direct executor. */
@Contender("Guava SettableFuture")
public class GuavaFuture extends AwaitablePeer {
    private final FutureCallback<Value> callback = new FutureCallback<>() {
        @Override
        public void onSuccess(Value result) {
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
    @Nullable Object sendThenReceive(Value sent) {
        SettableFuture<Value> future = SettableFuture.create();
        future.set(sent);
        try {
            return Futures.getDone(future);
        } catch (ExecutionException failed) {
            return failed;
        }
    }

    @Override
    @Nullable Object awaitThenSend(Value sent) {
        SettableFuture<Value> future = SettableFuture.create();
        Futures.addCallback(future, callback, MoreExecutors.directExecutor());
        future.set(sent);
        return received;
    }

    @Override
    boolean awaitThenDrop() {
        SettableFuture<Value> future = SettableFuture.create();
        Futures.addCallback(future, callback, MoreExecutors.directExecutor());
        future.setException(fault);
        return received == fault;
    }
}
