package io.multishot.benchmarks.table;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Futures in an array, by a number that grows with each request and whose lower bits are the place; the next number, if
 * that place is taken. It is cheap, and without protection: the numbers on the wire are places, and a late reply
 * reaches whoever has that place now.
 */
@Contender("dense array of CompletableFuture")
public class RequestsArray extends FuturesByNumber {
    private Table table = new Table(1);

    /** For JMH. */
    public RequestsArray() {}

    @Override
    void joinTable(Shared shared) {
        table = shared.table(() -> new Table(capacity()));
    }

    @Override
    long put(CompletableFuture<Value> future) {
        int last = table.futures.length() - 1;
        while (true) {
            int place = (int) table.next.getAndIncrement() & last;
            if (table.futures.compareAndSet(place, null, future)) {
                return place;
            }
        }
    }

    @Override
    void reply(long number) {
        CompletableFuture<Value> future = table.futures.getAndSet((int) number, null);
        if (future != null) {
            future.complete(value);
        }
    }

    @Override
    void remove(long number) {
        table.futures.set((int) number, null);
    }

    private static final class Table {
        private final AtomicLong next = new AtomicLong();
        private final AtomicReferenceArray<CompletableFuture<Value>> futures;

        Table(int capacity) {
            futures = new AtomicReferenceArray<>(capacity);
        }
    }
}
