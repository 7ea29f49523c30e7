package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A new Uni for each round, whose emitter is the sender. It exists once somebody subscribes, so no value comes before. */
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
    @Nullable Object sendThenReceive(Value sent) {
        next = sent;
        Uni.createFrom().emitter(send).subscribe().with(onItem, onFailure);
        return received;
    }

    @Override
    @Nullable Object awaitThenSend(Value sent) {
        await().complete(sent);
        return received;
    }

    @Override
    boolean awaitThenDrop() {
        await().fail(fault);
        return received == fault;
    }

    private UniEmitter<? super Value> await() {
        Uni.createFrom().emitter(keep).subscribe().with(onItem, onFailure);
        return Objects.requireNonNull(emitter);
    }

    private void complete(UniEmitter<? super Value> emitter) {
        emitter.complete(next);
    }
}
