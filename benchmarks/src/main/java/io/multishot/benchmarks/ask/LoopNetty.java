package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.Objects;

/** A new promise for each question, whose listener hands over to the loop. */
@Contender("Netty DefaultPromise, a listener on the loop")
@SuppressWarnings("FutureReturnValueIgnored") // the promise itself, for chaining
public class LoopNetty extends EventLoopAsk {
    /** What is done when the answer is there. */
    final FutureListener<Value> listener = done -> loop.execute(() -> step(Objects.requireNonNull(done.getNow())));

    /** For JMH. */
    public LoopNetty() {}

    @Override
    void ask() {
        DefaultPromise<Value> promise = new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
        promise.addListener(listener);
        responder.execute(() -> promise.setSuccess(value));
    }

    private void step(Value answer) {
        if (answered(answer)) {
            ask();
        }
    }
}
