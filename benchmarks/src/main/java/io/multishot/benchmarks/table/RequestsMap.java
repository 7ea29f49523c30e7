package io.multishot.benchmarks.table;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;

/** What most people write; timeouts are looked after by somebody else. */
@Contender("ConcurrentHashMap of CompletableFuture")
public class RequestsMap extends FuturesInMap {
    /** For JMH. */
    public RequestsMap() {}

    @Override
    CompletableFuture<Value> limited(CompletableFuture<Value> future) {
        return future;
    }
}
