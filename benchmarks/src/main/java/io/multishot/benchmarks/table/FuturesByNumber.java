package io.multishot.benchmarks.table;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** A new future for each request. */
public abstract class FuturesByNumber extends Requests {
    /** Made once, so that no peer pays for its stack trace. */
    private final TimeoutException late = new TimeoutException();

    private final List<CompletableFuture<Value>> futures = new ArrayList<>();

    /** For the contenders. */
    protected FuturesByNumber() {}

    @Override
    void join(Requests.Shared shared) {
        for (int i = 0; i < inFlight; i++) {
            futures.add(new CompletableFuture<>());
        }
        joinTable(shared);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is kept in the list and in the table
    final long open(int index) {
        CompletableFuture<Value> future = new CompletableFuture<>();
        futures.set(index, future);
        return put(future);
    }

    @Override
    final Value receive(int index) throws Exception {
        return futures.get(index).get();
    }

    @Override
    final void timeOut(int index, long number) {
        remove(number);
        futures.get(index).completeExceptionally(late);
    }

    @Override
    final void receiveNothing(int index) {
        if (!futures.get(index).isCompletedExceptionally()) {
            throw new IllegalStateException("the reply came");
        }
    }

    /** Makes the table, or finds it. */
    abstract void joinTable(Requests.Shared shared);

    /** Puts the future into the table. Returns its number there. */
    abstract long put(CompletableFuture<Value> future);

    /** Takes the future out again, if it is there. */
    abstract void remove(long number);

    /**
     * Futures in an array, by a number that grows with each request and whose lower bits are the place; the next
     * number, if that place is taken. It is cheap, and without protection: the numbers on the wire are places, and a
     * late reply reaches the request that has the place by then.
     */
    @Contender("dense array of CompletableFuture")
    public static class DenseArray extends FuturesByNumber {
        private ArrayTable table = new ArrayTable(1);

        /** For JMH. */
        public DenseArray() {}

        @Override
        void joinTable(Requests.Shared shared) {
            table = shared.table(() -> new ArrayTable(capacity()));
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

        private static final class ArrayTable {
            private final AtomicLong next = new AtomicLong();
            private final AtomicReferenceArray<CompletableFuture<Value>> futures;

            ArrayTable(int capacity) {
                futures = new AtomicReferenceArray<>(capacity);
            }
        }
    }

    /** Futures in a map, by a number that grows with each request. */
    public abstract static class InMap extends FuturesByNumber {
        private MapTable table = new MapTable(0);

        /** For the contenders. */
        protected InMap() {}

        @Override
        final void joinTable(Requests.Shared shared) {
            table = shared.table(() -> new MapTable(capacity()));
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

        private static final class MapTable {
            private final AtomicLong next = new AtomicLong();
            private final ConcurrentHashMap<Long, CompletableFuture<Value>> futures;

            MapTable(int capacity) {
                futures = new ConcurrentHashMap<>(capacity);
            }
        }
    }

    /** The usual solution, without timeouts. */
    @Contender("ConcurrentHashMap of CompletableFuture")
    public static class WithoutTimeout extends InMap {
        /** For JMH. */
        public WithoutTimeout() {}

        @Override
        CompletableFuture<Value> limited(CompletableFuture<Value> future) {
            return future;
        }
    }

    /**
     * The same with a timeout for each future, which is never reached: requests that time out are completed by hand.
     */
    @Contender("ConcurrentHashMap of CompletableFuture, orTimeout")
    public static class WithTimeout extends InMap {
        /** For JMH. */
        public WithTimeout() {}

        @Override
        CompletableFuture<Value> limited(CompletableFuture<Value> future) {
            return future.orTimeout(1, TimeUnit.HOURS);
        }
    }
}
