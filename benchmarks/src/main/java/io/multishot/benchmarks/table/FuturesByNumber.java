package io.multishot.benchmarks.table;

import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** A new future for each request. */
public abstract class FuturesByNumber extends Requests {
    /** Made once, so that no peer pays for its stack trace. */
    private final TimeoutException late = new TimeoutException();

    private final List<CompletableFuture<Value>> futures = new ArrayList<>();

    /** For the contenders. */
    protected FuturesByNumber() {}

    @Override
    void join(Shared shared) {
        for (int i = 0; i < inFlight; i++) {
            futures.add(new CompletableFuture<>());
        }
        joinTable(shared);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is not ignored by those who know it
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
    abstract void joinTable(Shared shared);

    /** Puts the future into the table. Returns its number there. */
    abstract long put(CompletableFuture<Value> future);

    /** Takes the future out again, if it is there. */
    abstract void remove(long number);
}
