package io.multishot.examples;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a thread finish what it does when the process is told to end, as by Ctrl-C: interrupts it, and holds the process
 * up until it has closed this. A media driver that is not closed leaves its files behind.
 */
final class Shutdown implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    /** For the thread that calls this. */
    Shutdown() {
        Thread working = Thread.currentThread();
        hook = new Thread(
                () -> {
                    working.interrupt();
                    holdUp();
                },
                "checksums-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void holdUp() {
        try {
            done.await();
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for that. */
    void await() throws InterruptedException {
        done.await();
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // That is why.
        }
    }
}
