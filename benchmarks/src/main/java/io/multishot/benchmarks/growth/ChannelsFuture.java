package io.multishot.benchmarks.growth;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A new future for each round, kept until the next one in the same place. */
@Contender("CompletableFuture")
public class ChannelsFuture extends Channels {
    private final List<CompletableFuture<Value>> futures = new ArrayList<>();

    /** For JMH. */
    public ChannelsFuture() {}

    @Override
    void make(int count) {
        for (int i = 0; i < count; i++) {
            futures.add(new CompletableFuture<>());
        }
    }

    @Override
    @Nullable Object round(int index) {
        CompletableFuture<Value> future = new CompletableFuture<>();
        futures.set(index, future);
        future.complete(value);
        return future.getNow(null);
    }
}
