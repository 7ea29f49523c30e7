package io.multishot.benchmarks.table;

import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Futures in a map, by a number that grows with each request. */
public abstract class FuturesInMap extends FuturesByNumber {
    private Table table = new Table(0);

    /** For the contenders. */
    protected FuturesInMap() {}

    @Override
    final void joinTable(Shared shared) {
        table = shared.table(() -> new Table(capacity()));
    }

    @Override
    final long put(CompletableFuture<Value> future) {
        long number = table.next.getAndIncrement();
        table.futures.put(number, limited(future));
        return number;
    }

    @Override
    final void reply(long number) {
        CompletableFuture<Value> future = table.futures.remove(number);
        if (future != null) {
            future.complete(value);
        }
    }

    @Override
    final void remove(long number) {
        table.futures.remove(number);
    }

    /** Gives the future a limit in time, or none. */
    abstract CompletableFuture<Value> limited(CompletableFuture<Value> future);

    private static final class Table {
        private final AtomicLong next = new AtomicLong();
        private final ConcurrentHashMap<Long, CompletableFuture<Value>> futures;

        Table(int capacity) {
            futures = new ConcurrentHashMap<>(capacity);
        }
    }
}
