package io.multishot.benchmarks.growth;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A new future for each round, kept in a field of the object that asks, which is as old as a receiver would be. */
@Contender("CompletableFuture in a field of its requester")
public class ChannelsFutureOfRequester extends Channels {
    private final List<Requester> requesters = new ArrayList<>();

    /** For JMH. */
    public ChannelsFutureOfRequester() {}

    @Override
    void make(int count) {
        for (int i = 0; i < count; i++) {
            requesters.add(new Requester());
        }
    }

    @Override
    @Nullable Object round(int index) {
        Requester requester = requesters.get(index);
        CompletableFuture<Value> future = new CompletableFuture<>();
        requester.pending = future;
        future.complete(value);
        return requester.pending.getNow(null);
    }

    /** As big as a cache line, as objects that own something mostly are. */
    private static final class Requester {
        private CompletableFuture<Value> pending = new CompletableFuture<>();

        @SuppressWarnings("UnusedVariable") // makes it as big
        private long name, address, state, since, until, rounds;
    }
}
