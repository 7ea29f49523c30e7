package io.multishot.examples;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The running workers. None is left when this is closed. */
public final class Workers implements AutoCloseable {
    private final ExecutorService executor;

    /**
     * Takes an executor over: closing the workers shuts it down.
     *
     * @param executor has a thread for each worker
     */
    public Workers(ExecutorService executor) {
        this.executor = executor;
    }

    void execute(Runnable job) {
        executor.execute(job);
    }

    void start(int count, Supplier<? extends Runnable> worker) {
        for (int i = 0; i < count; i++) {
            executor.execute(worker.get());
        }
    }

    /** Interrupts the workers and waits for them; if interrupted itself, it waits no longer. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }
}
