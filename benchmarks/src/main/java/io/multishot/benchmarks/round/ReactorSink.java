package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Sinks;

/** A new sink for each round, whose Mono is subscribed to. */
@Contender("Reactor Sinks.one")
public class ReactorSink extends AwaitablePeer {
    final Consumer<Value> onValue = this::deliver;
    final Consumer<Throwable> onError = this::deliver;
    final Runnable onEnd = () -> {
        if (received == null) {
            deliver(null);
        }
    };

    /** For JMH. */
    public ReactorSink() {}

    @Override
    @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
        Sinks.One<Value> sink = Sinks.one();
        mailbox.consume(sink);
        sink.tryEmitValue(sent).orThrow();
        subscribe(sink);
        return received;
    }

    @Override
    @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
        Sinks.One<Value> sink = Sinks.one();
        mailbox.consume(sink);
        subscribe(sink);
        sink.tryEmitValue(sent).orThrow();
        return received;
    }

    private void subscribe(Sinks.One<Value> sink) {
        received = null;
        sink.asMono().subscribe(onValue, onError, onEnd);
    }
}
