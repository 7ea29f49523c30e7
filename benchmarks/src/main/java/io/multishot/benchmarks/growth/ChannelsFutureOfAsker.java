package io.multishot.benchmarks.growth;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A new future for each round, kept in a field of the object that asks, which is as old as a receiver would be. */
@Contender("CompletableFuture in a field of its asker")
public class ChannelsFutureOfAsker extends Channels {
    private final List<Asker> askers = new ArrayList<>();

    /** For JMH. */
    public ChannelsFutureOfAsker() {}

    @Override
    void make(int count) {
        for (int i = 0; i < count; i++) {
            askers.add(new Asker());
        }
    }

    @Override
    @Nullable Object round(int index) {
        Asker asker = askers.get(index);
        CompletableFuture<Value> future = new CompletableFuture<>();
        asker.pending = future;
        future.complete(value);
        return asker.pending.getNow(null);
    }

    /** As big as a cache line, as objects that own something mostly are. */
    private static final class Asker {
        private CompletableFuture<Value> pending = new CompletableFuture<>();

        @SuppressWarnings("UnusedVariable") // makes it as big
        private long name, address, state, since, until, rounds;
    }
}
