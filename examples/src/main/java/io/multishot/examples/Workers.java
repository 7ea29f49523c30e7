package io.multishot.examples;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A pool of daemon threads, none of which is left when this is closed. */
public final class Workers implements Executor, AutoCloseable {
    private final ExecutorService pool;

    /**
     * Makes a pool. Its threads start when they are needed.
     *
     * @param name the name of each thread
     * @param count how many threads
     */
    public Workers(String name, int count) {
        pool = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void execute(Runnable work) {
        pool.execute(work);
    }

    /** Interrupts the threads and waits for them; if the caller is interrupted, it stops waiting. */
    @Override
    public void close() {
        pool.shutdownNow();
        try {
            pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
