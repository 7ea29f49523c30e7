package io.multishot.benchmarks.table;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The same with a timeout for each future. It is never reached: that would take time; who times out is completed by
 * hand.
 */
@Contender("ConcurrentHashMap of CompletableFuture, orTimeout")
public class RequestsMapTimeout extends FuturesInMap {
    /** For JMH. */
    public RequestsMapTimeout() {}

    @Override
    CompletableFuture<Value> limited(CompletableFuture<Value> future) {
        return future.orTimeout(1, TimeUnit.HOURS);
    }
}
