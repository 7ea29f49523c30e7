package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.Exchanger;
import org.jspecify.annotations.Nullable;

/** A meeting point: the responder waits until the requester has come. */
@Contender("Exchanger")
public class AskExchanger extends ParkingAsk {
    private final Exchanger<@Nullable Value> answers = new Exchanger<>();

    /** For JMH. */
    public AskExchanger() {}

    @Override
    Value askAndBlock() throws InterruptedException {
        post(answers);
        return answers.exchange(null);
    }

    @Override
    void answer(Object question, Value value) throws InterruptedException {
        answers.exchange(value);
    }
}
