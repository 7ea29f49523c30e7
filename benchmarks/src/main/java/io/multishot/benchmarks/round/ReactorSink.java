package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/** A new sink for each round, whose Mono is subscribed to. */
@Contender("Reactor Sinks.one")
public class ReactorSink extends AwaitablePeer {
    final Consumer<Value> onValue = this::deliver;
    final Consumer<Throwable> onError = this::deliver;
    final Runnable onEmpty = () -> {};

    /** For JMH. */
    public ReactorSink() {}

    @Override
    @Nullable Object sendThenReceive(Value sent) {
        Sinks.One<Value> sink = Sinks.one();
        sink.tryEmitValue(sent).orThrow();
        subscribe(sink);
        return received;
    }

    @Override
    @Nullable Object awaitThenSend(Value sent) {
        Sinks.One<Value> sink = Sinks.one();
        subscribe(sink);
        sink.tryEmitValue(sent).orThrow();
        return received;
    }

    @Override
    boolean awaitThenDrop() {
        Sinks.One<Value> sink = Sinks.one();
        subscribe(sink);
        sink.tryEmitError(fault).orThrow();
        return received == fault;
    }

    private void subscribe(Sinks.One<Value> sink) {
        sink.asMono().subscribe(onValue, onError, onEmpty);
    }
}
