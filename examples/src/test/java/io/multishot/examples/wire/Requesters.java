package io.multishot.examples.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.examples.Workers;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that use one client at the same time. */
public final class Requesters {
    private Requesters() {}

    /** What one thread does. */
    @FunctionalInterface
    public interface Requests {
        /** Makes the requests of the thread with this number. */
        void make(int thread) throws Exception;
    }

    /** Runs so many threads to their ends, and fails if one of them does. */
    public static void run(int count, Requests requests) throws Exception {
        Semaphore done = new Semaphore(0);
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        try (Workers threads = new Workers("requester", count)) {
            for (int i = 0; i < count; i++) {
                int thread = i;
                threads.execute(() -> {
                    try {
                        requests.make(thread);
                    } catch (Throwable thrown) {
                        wrong.set(thrown);
                    } finally {
                        done.release();
                    }
                });
            }
            done.acquire(count);
        }
        assertThat(wrong).hasNullValue();
    }
}
