package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A task whose step throws at times, on an executor that does anything but lose a run that it has accepted. */
@Tag("stress")
class TaskStressTest {
    private static final int WAKERS = 3;
    private static final long HANG = TimeUnit.SECONDS.toNanos(20);

    @SuppressWarnings("serial")
    private static final class Fault extends RuntimeException {
        Fault() {
            super(null, null, true, false);
        }
    }

    @SuppressWarnings("serial")
    private static final class Rejection extends RuntimeException {
        Rejection() {
            super(null, null, true, false);
        }
    }

    private final long[] written = new long[WAKERS];
    private final AtomicLongArray seen = new AtomicLongArray(WAKERS);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger overlaps = new AtomicInteger();
    private final AtomicLong thrown = new AtomicLong();
    private final AtomicLong surfaced = new AtomicLong();

    private void step() {
        if (inside.getAndIncrement() != 0) {
            overlaps.incrementAndGet();
        }
        for (int waker = 0; waker < WAKERS; waker++) {
            seen.set(waker, written[waker]);
        }
        boolean fault = ThreadLocalRandom.current().nextInt(8) == 0;
        if (fault) {
            thrown.incrementAndGet();
        }
        inside.decrementAndGet();
        if (fault) {
            throw new Fault();
        }
    }

    private void count(Throwable caught) {
        if (caught instanceof Fault) {
            surfaced.incrementAndGet();
        }
        for (Throwable suppressed : caught.getSuppressed()) {
            count(suppressed);
        }
    }

    /** Never rejects twice in a row on one thread, so that a repeated request is always accepted. */
    private final class UnreliableExecutor implements Executor {
        private final ThreadLocal<Boolean> rejectedBefore = ThreadLocal.withInitial(() -> false);
        private final ExecutorService pool = Executors.newFixedThreadPool(2);
        private final boolean surplusCalls;

        UnreliableExecutor(boolean surplusCalls) {
            this.surplusCalls = surplusCalls;
        }

        @Override
        public void execute(Runnable command) {
            int choice = ThreadLocalRandom.current().nextInt(8);
            boolean reject = choice < 4 && !rejectedBefore.get();
            rejectedBefore.set(reject);
            if ((choice & 1) == 0) {
                if (choice == 0 && reject) {
                    throw new Rejection();
                }
                pool.execute(() -> {
                    try {
                        command.run();
                        if (surplusCalls && choice == 4) {
                            command.run();
                        }
                    } catch (Fault | Rejection caught) {
                        count(caught);
                    }
                });
            } else {
                command.run();
            }
            for (int spins = ThreadLocalRandom.current().nextInt(256); reject && spins > 0; spins--) {
                Thread.onSpinWait();
            }
            if (reject) {
                throw new Rejection();
            }
        }

        void close() throws InterruptedException {
            pool.shutdown();
            assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void wakeUntilAccepted(Task task) {
        while (true) {
            try {
                task.wake();
                return;
            } catch (Fault | Rejection caught) {
                count(caught);
            }
        }
    }

    private void awaitSeen(int waker, long expected) {
        long start = System.nanoTime();
        while (seen.get(waker) < expected) {
            if (System.nanoTime() - start > HANG) {
                throw new AssertionError("a wake was lost, or what came before it");
            }
            Thread.yield();
        }
    }

    @Test
    void noWakeIsLostAndNoRunsOverlapThoughExecutorAndStepThrow() throws Exception {
        UnreliableExecutor executor = new UnreliableExecutor(true);
        Task task = new Task(executor, this::step);
        ExecutorService threads = Executors.newFixedThreadPool(WAKERS);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2_000);
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < WAKERS; i++) {
            int waker = i;
            ends.add(threads.submit(() -> {
                for (long value = 1; System.nanoTime() < end; value++) {
                    written[waker] = value;
                    wakeUntilAccepted(task);
                    if (ThreadLocalRandom.current().nextInt(4) == 0) {
                        awaitSeen(waker, value);
                    }
                }
                awaitSeen(waker, written[waker]);
            }));
        }
        for (Future<?> future : ends) {
            future.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();
        executor.close();
        assertThat(overlaps).hasValue(0);
        assertThat(surfaced).as("faults that surfaced").hasValue(thrown.get());
    }
}
