package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks that several threads wake as fast as they can. */
@Tag("race")
class TaskRaceTest {
    private static final int WAKERS = 3;
    private static final int PAD = 32;
    private static final long HANG = TimeUnit.SECONDS.toNanos(20);

    /** Plain data, one element for each waking thread, on cache lines of its own. */
    private final long[] written = new long[WAKERS * PAD];

    /** What the runs have read of it. */
    private final AtomicLongArray seen = new AtomicLongArray(WAKERS * PAD);

    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger overlaps = new AtomicInteger();

    /** Written only by runs, each of which happens-before the next. */
    private long runs;

    private void enter() {
        if (inside.getAndIncrement() != 0) {
            overlaps.incrementAndGet();
        }
        runs++;
    }

    private void leave() {
        inside.decrementAndGet();
    }

    private void step() {
        enter();
        for (int waker = 0; waker < WAKERS; waker++) {
            seen.lazySet(waker * PAD, written[waker * PAD]);
        }
        leave();
    }

    private static void spinUntil(Callable<Boolean> condition, String what) throws Exception {
        long start = System.nanoTime();
        for (int spins = 1; !condition.call(); spins++) {
            if ((spins & 63) != 0) {
                Thread.onSpinWait();
            } else if (System.nanoTime() - start < HANG) {
                Thread.yield();
            } else {
                throw new AssertionError(what);
            }
        }
    }

    /** Runs the action on as many threads as there are wakers, and waits for all of them. */
    private static void onAllWakers(ThrowingAction action) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WAKERS);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < WAKERS; i++) {
                int waker = i;
                ends.add(threads.submit(() -> {
                    action.run(waker);
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private interface ThrowingAction {
        void run(int waker) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void eachWakeIsFollowedByARunThatSeesAllBeforeItAndNoTwoOverlap(TaskExecutor kind) throws Exception {
        ExecutorService opened = kind.open();
        Executor executor = kind.executor(opened);
        Task task = new Task(executor, this::step);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);

        onAllWakers(waker -> {
            for (long i = 1; System.nanoTime() < end; i++) {
                written[waker * PAD] = i;
                task.wake();
                if (ThreadLocalRandom.current().nextInt(4) == 0) {
                    long expected = i;
                    spinUntil(() -> seen.get(waker * PAD) >= expected, "a wake was lost, or what came before it");
                }
            }
        });

        for (int waker = 0; waker < WAKERS; waker++) {
            int slot = waker * PAD;
            spinUntil(() -> seen.get(slot) == written[slot], "the last run has not seen everything");
        }
        TaskExecutor.close(opened);
        assertThat(overlaps).hasValue(0);
        assertThat(runs).isLessThanOrEqualTo(written[0] + written[PAD] + written[2 * PAD]);
    }

    @ParameterizedTest
    @EnumSource
    void aStepThatWakesItselfRunsOnceForEachWakeWhileOthersWakeItToo(TaskExecutor kind) throws Exception {
        ExecutorService opened = kind.open();
        Executor executor = kind.executor(opened);
        Task[] self = new Task[1];
        AtomicLong selfWakes = new AtomicLong();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        self[0] = new Task(executor, () -> {
            enter();
            boolean again = System.nanoTime() < end;
            if (again) {
                self[0].wake();
            }
            leave();
            if (!again) {
                selfWakes.set(runs);
            }
        });

        onAllWakers(waker -> {
            do {
                self[0].wake();
                Thread.yield();
            } while (System.nanoTime() < end);
        });
        spinUntil(() -> selfWakes.get() > 0, "a wake of its own was lost");
        TaskExecutor.close(opened);
        assertThat(overlaps).hasValue(0);
    }

    /**
     * A coalesced wake that only reads would lose the plain store before it, if that is still in the store buffer when
     * the run loads the data. To hit that window the executor starts runs as fast as possible, and the second of two
     * wakes aims at the moment when the run for the first begins.
     */
    @Test
    void whatWasWrittenBeforeACoalescedWakeIsSeenByTheRunThatFollows() throws Exception {
        QuickExecutor executor = new QuickExecutor();
        AtomicLong published = new AtomicLong();
        Task task = new Task(executor, () -> published.lazySet(written[0]));
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2_000);
        try {
            for (long i = 2; System.nanoTime() < end; i += 2) {
                pause((int) (i >>> 7 & 3) * 50); // lets the last run end, or not
                written[0] = i - 1;
                task.wake();
                pause((int) (i & 127));
                written[0] = i;
                task.wake();
                long expected = i;
                if (published.get() != expected) {
                    spinUntil(
                            () -> published.get() == expected, "the last run has not seen what was written before it");
                }
            }
        } finally {
            executor.close();
        }
    }

    /** Each round has one wake near the end of a run, and no later one that would make up for its loss. */
    @Test
    void aWakeThatMeetsTheEndOfARunIsNotLost() throws Exception {
        AtomicLong begun = new AtomicLong();
        Task task = new Task(Runnable::run, () -> {
            long value = written[0];
            begun.incrementAndGet();
            pause((int) (value & 127));
            seen.lazySet(0, value);
        });
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(200_000);
            for (int i = 1; limit.allows(i); i++) {
                long before = begun.get();
                second.start(() -> {
                    task.wake();
                    return true;
                });
                spinUntil(() -> begun.get() != before, "the second's wake was lost");
                written[0] = i;
                task.wake();
                second.join();
                SecondThread.require(seen.get(0) == i, "the last run has not seen everything", i);
            }
        }
    }

    /** Takes some nanoseconds a step: Thread.onSpinWait is too coarse. */
    private void pause(int steps) {
        long chain = 1;
        for (int step = 0; step < steps; step++) {
            chain = chain * 31 + step;
        }
        written[PAD] = chain;
    }

    /** Runs one command at a time, on a thread that spins until there is one. */
    private static final class QuickExecutor implements Executor, AutoCloseable {
        private final Thread thread = new Thread(this::loop, "quick");
        private volatile Runnable next;
        private volatile boolean closed;

        QuickExecutor() {
            thread.setDaemon(true);
            thread.start();
        }

        private void loop() {
            for (int idle = 1; !closed; idle++) {
                Runnable command = next;
                if (command != null) {
                    next = null;
                    command.run();
                } else if ((idle & 1023) == 0) {
                    Thread.yield();
                }
            }
        }

        @Override
        public void execute(Runnable command) {
            if (next != null) {
                throw new AssertionError("two runs requested at once");
            }
            next = command;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
