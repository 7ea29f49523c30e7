package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A new Uni for each round, whose emitter is the sender. It exists from the subscription on, so no value can come
 * before.
 */
@Contender("Mutiny Uni from an emitter")
public class MutinyUni extends AwaitablePeer {
    final Consumer<UniEmitter<? super Value>> keep = emitter -> this.emitter = emitter;
    final Consumer<UniEmitter<? super Value>> send = this::complete;
    final Consumer<Value> onItem = this::deliver;
    final Consumer<Throwable> onFailure = this::deliver;

    private @Nullable UniEmitter<? super Value> emitter;
    private @Nullable Value next;

    /** For JMH. */
    public MutinyUni() {}

    @Override
    @Nullable Object sendThenReceive(Value sent, Blackhole mailbox) {
        next = sent;
        Uni<Value> uni = Uni.createFrom().emitter(send);
        mailbox.consume(uni);
        uni.subscribe().with(onItem, onFailure);
        return received;
    }

    @Override
    @Nullable Object awaitThenSend(@Nullable Value sent, Blackhole mailbox) {
        Uni.createFrom().emitter(keep).subscribe().with(onItem, onFailure);
        UniEmitter<? super Value> sender = Objects.requireNonNull(emitter);
        mailbox.consume(sender);
        sender.complete(sent);
        return received;
    }

    private void complete(UniEmitter<? super Value> emitter) {
        emitter.complete(next);
    }
}
