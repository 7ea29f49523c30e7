package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;

/** A new Uni for each question. Its emitter exists once somebody waits, so it is asked then. */
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
    void answer(Object question, Value value) {
        ((UniEmitter<Value>) question).complete(value);
    }
}
