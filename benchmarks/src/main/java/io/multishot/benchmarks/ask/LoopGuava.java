package io.multishot.benchmarks.ask;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.SettableFuture;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;

/** A new settable future for each question, whose callback runs on the loop. */
@Contender("Guava SettableFuture, addCallback")
public class LoopGuava extends EventLoopAsk {
    private final FutureCallback<Value> step = new FutureCallback<>() {
        @Override
        public void onSuccess(Value answer) {
            if (answered(answer)) {
                ask();
            }
        }

        @Override
        public void onFailure(Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    };

    /** For JMH. */
    public LoopGuava() {}

    @Override
    void ask() {
        SettableFuture<Value> future = SettableFuture.create();
        Futures.addCallback(future, step, loop);
        responder.execute(() -> future.set(value));
    }
}
