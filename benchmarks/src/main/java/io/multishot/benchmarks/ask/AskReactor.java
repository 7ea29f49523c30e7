package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.Objects;
import reactor.core.publisher.Sinks;

/** A new sink for each request, and the blocking end of its Mono. */
@Contender("Reactor Sinks.one")
public class AskReactor extends ParkingAsk {
    /** For JMH. */
    public AskReactor() {}

    @Override
    Value askAndBlock() {
        Sinks.One<Value> sink = Sinks.one();
        post(sink);
        return Objects.requireNonNull(sink.asMono().block());
    }

    @Override
    @SuppressWarnings("unchecked")
    void reply(Object request, Value value) {
        ((Sinks.One<Value>) request).tryEmitValue(value).orThrow();
    }
}
