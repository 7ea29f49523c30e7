package io.multishot.examples;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads that the workers run on. */
enum Threads {
    PLATFORM {
        @Override
        ExecutorService executor(int workers) {
            return Executors.newFixedThreadPool(workers, Threads::daemon);
        }
    },

    VIRTUAL {
        @Override
        ExecutorService executor(int workers) {
            try {
                // By reflection, because this program is compiled for JDK 17.
                return (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
            } catch (ReflectiveOperationException olderJdk) {
                throw new UnsupportedOperationException(
                        "virtual threads need JDK 21 or newer, and this is JDK "
                                + Runtime.version().feature(),
                        olderJdk);
            }
        }
    };

    /**
     * Makes an executor that runs each of the workers on a thread of its own.
     *
     * @throws UnsupportedOperationException if this JDK has no such threads
     */
    abstract ExecutorService executor(int workers);

    private static Thread daemon(Runnable worker) {
        Thread thread = new Thread(worker, "checksums-worker");
        thread.setDaemon(true);
        return thread;
    }
}
