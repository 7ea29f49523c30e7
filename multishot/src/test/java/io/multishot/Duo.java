package io.multishot;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Two threads that run two actions at the same moment, again and again, for tests of races. */
final class Duo implements AutoCloseable {
    private final ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "duo");
        thread.setDaemon(true);
        return thread;
    });

    /** What the two actions returned. */
    record Results<A, B>(A first, B second) {}

    /** Runs both actions at once and waits for both. An exception of either is rethrown. */
    <A, B> Results<A, B> race(Callable<A> first, Callable<B> second) throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        Future<A> a = threads.submit(() -> atOnce(arrived, first));
        Future<B> b = threads.submit(() -> atOnce(arrived, second));
        return new Results<>(get(a), get(b));
    }

    /**
     * Both spin until both are here, then a random moment longer, so that all relative timings come up. On a busy
     * machine a thread that spins would only keep the other one off its processor, so it yields soon.
     */
    private static <V> V atOnce(AtomicInteger arrived, Callable<V> action) throws Exception {
        arrived.incrementAndGet();
        for (int looks = 0; arrived.get() < 2; looks++) {
            if (looks < 1_000) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        for (int spins = ThreadLocalRandom.current().nextInt(64); spins > 0; spins--) {
            Thread.onSpinWait();
        }
        return action.call();
    }

    private static <V> V get(Future<V> future) throws Exception {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception exception) {
                throw exception;
            }
            throw (Error) failed.getCause();
        } catch (TimeoutException hung) {
            throw new AssertionError("a racing thread hangs", hung);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
