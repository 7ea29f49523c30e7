package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;

/** A new Uni for each request. Its emitter exists from the subscription on, so the request is posted then. */
@Contender("Mutiny Uni from an emitter")
public class AskMutiny extends ParkingAsk {
    /** For JMH. */
    public AskMutiny() {}

    @Override
    Value askAndBlock() {
        return Uni.createFrom().<Value>emitter(this::post).await().indefinitely();
    }

    @Override
    @SuppressWarnings("unchecked")
    void reply(Object request, Value value) {
        ((UniEmitter<Value>) request).complete(value);
    }
}
