package io.multishot;

import static io.multishot.Throwables.sneakyThrow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A task outlives its step's faults and its executor's. */
class TaskFaultTest {
    private final ManualExecutor queue = new ManualExecutor();
    private final AtomicReference<Task> self = new AtomicReference<>();
    private int runs;

    private void count() {
        runs++;
    }

    /** Makes a task whose executor treats its calls as listed, one by one, and afterwards enqueues. */
    private Task task(Runnable step, Executor... calls) {
        Deque<Executor> script = new ArrayDeque<>(Arrays.asList(calls));
        Task task = new Task(
                command -> {
                    Executor call = script.pollFirst();
                    (call == null ? queue : call).execute(command);
                },
                step);
        self.set(task);
        return task;
    }

    private static Executor rejecting(Throwable thrown) {
        return command -> {
            throw sneakyThrow(thrown);
        };
    }

    /** Rejects, but not before another thread has woken the task. */
    private Executor rejectingAfterAWake(Throwable thrown) {
        return command -> {
            wakeOnAnotherThread();
            throw sneakyThrow(thrown);
        };
    }

    private void wakeOnAnotherThread() {
        Thread other = new Thread(() -> self.get().wake());
        other.start();
        try {
            other.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    // ------------------------------------------------------------------ the step throws

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void aStepThatThrowsSurfacesInItsExecutorAndCanBeWokenAgain(Throwable thrown) {
        Task task = task(() -> {
            if (runs++ == 0) {
                throw sneakyThrow(thrown);
            }
        });
        task.wake();
        assertThat(catchThrowable(queue::runNext)).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(queue.size()).isZero();

        task.wake();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void aWakeDuringARunThatThrowsIsServed(Throwable thrown) {
        Task task = task(() -> {
            if (runs++ == 0) {
                self.get().wake();
                throw sneakyThrow(thrown);
            }
        });
        task.wake();
        assertThat(catchThrowable(queue::runNext)).isSameAs(thrown);
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void inTheCallerAStepThatThrowsSurfacesFromWakeAndCanBeWokenAgain(Throwable thrown) {
        Task task = task(
                () -> {
                    if (runs++ == 0) {
                        throw sneakyThrow(thrown);
                    }
                },
                Runnable::run,
                Runnable::run);
        assertThat(catchThrowable(task::wake)).isSameAs(thrown).hasNoSuppressedExceptions();
        task.wake();
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void inTheCallerAllFaultsSurfaceTheLaterOnesSuppressed() {
        Throwable[] faults = Throwables.ofEveryKind().toArray(Throwable[]::new);
        Task task = new Task(Runnable::run, () -> {
            if (runs < faults.length - 1) {
                self.get().wake();
            }
            throw sneakyThrow(faults[runs++]);
        });
        self.set(task);
        Throwable thrown = catchThrowable(task::wake);
        assertThat(thrown).isSameAs(faults[0]);
        assertThat(thrown.getSuppressed()).containsExactly(Arrays.copyOfRange(faults, 1, faults.length));
    }

    @Test
    void aStepThatThrowsOneAndTheSameObjectAgainAndAgainSurfacesOnce() {
        RuntimeException fault = new IllegalStateException();
        Task task = new Task(Runnable::run, () -> {
            if (++runs < 5) {
                self.get().wake();
            }
            throw fault;
        });
        self.set(task);
        assertThat(catchThrowable(task::wake)).isSameAs(fault).hasNoSuppressedExceptions();
        assertThat(runs).isEqualTo(5);
    }

    // ------------------------------------------------------------------ the executor rejects a wake

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void aRejectedWakeThrowsWhatTheExecutorThrewAndTheNextWakeTriesAnew(Throwable thrown) {
        Task task = task(this::count, rejecting(thrown), rejecting(thrown));
        assertThat(catchThrowable(task::wake)).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(catchThrowable(task::wake)).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(runs).isZero();
        assertThat(queue.size()).isZero();

        task.wake();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void whatAnotherThreadAskedForWhileTheExecutorWasRejectingIsAskedForAgain(Throwable thrown) {
        Task task = task(this::count, rejectingAfterAWake(thrown));
        assertThat(catchThrowable(task::wake)).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(1);

        task.wake();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void ifThatIsRejectedTooTheFirstRejectionIsThrownAndTheNextWakeTriesAnew() {
        Throwable first = new IllegalStateException("first");
        Throwable second = new AssertionError("second");
        Task task = task(this::count, rejectingAfterAWake(first), rejecting(second));
        assertThat(catchThrowable(task::wake)).isSameAs(first).hasSuppressedException(second);
        assertThat(queue.size()).isZero();

        task.wake();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(1);
    }

    @Test
    void eachRejectionThatOthersSleptThroughIsFollowedByAnotherRequest() {
        Throwable first = new IllegalStateException("first");
        Throwable second = new IllegalStateException("second");
        Task task = task(this::count, rejectingAfterAWake(first), rejectingAfterAWake(second));
        assertThat(catchThrowable(task::wake)).isSameAs(first).hasSuppressedException(second);
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(1);
    }

    @Test
    void anExecutorThatRejectsWithTheSameObjectTwiceDoesNoHarm() {
        Throwable thrown = new IllegalStateException();
        Task task = task(this::count, rejectingAfterAWake(thrown), rejecting(thrown));
        assertThat(catchThrowable(task::wake)).isSameAs(thrown).hasNoSuppressedExceptions();
    }

    // ------------------------------------------------------------------ the executor rejects, and runs all the same

    @Test
    void aFailedExecuteThatRanTheStepLeavesANewerRequestAlone() {
        Task task = task(this::count, command -> {
            command.run();
            wakeOnAnotherThread(); // enqueued
            throw new IllegalStateException("late");
        });
        assertThat(catchThrowable(task::wake)).hasMessage("late").hasNoSuppressedExceptions();
        assertThat(runs).isEqualTo(1);

        task.wake();
        assertThat(queue.size()).as("coalesced with the newer request").isEqualTo(1);
        queue.runAll();
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void aFailedExecuteThatRanTheStepLeavesANewerRunAlone() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger total = new AtomicInteger();
        Runnable step = () -> {
            assertThat(inside.incrementAndGet()).as("steps at once").isEqualTo(1);
            if (total.incrementAndGet() == 2) {
                begun.countDown();
                assertThat(await(goOn)).isTrue();
            }
            inside.decrementAndGet();
        };
        Thread[] newer = new Thread[1];
        Task task = task(
                step,
                command -> {
                    command.run();
                    self.get().wake();
                    assertThat(await(begun)).isTrue();
                    throw new IllegalStateException("late");
                },
                command -> {
                    newer[0] = new Thread(command);
                    newer[0].start();
                });
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        task.wake();
        assertThat(queue.size()).as("a run is under way").isZero();
        goOn.countDown();
        newer[0].join();
        assertThat(total).hasValue(2);
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(total).hasValue(3);
    }

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void whatAnExecutorThrowsWhenAnotherThreadHasBegunTheRunAfterThisOneSurfaces(Throwable thrown)
            throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger total = new AtomicInteger();
        AtomicReference<Thread> other = new AtomicReference<>();
        Runnable step = () -> {
            assertThat(inside.incrementAndGet()).as("steps at once").isEqualTo(1);
            if (total.incrementAndGet() == 1) {
                self.get().wake();
            } else {
                begun.countDown();
                assertThat(await(goOn)).isTrue();
            }
            inside.decrementAndGet();
        };
        Task task = task(step, queue, command -> {
            other.set(new Thread(command));
            other.get().start();
            assertThat(await(begun)).isTrue();
            throw sneakyThrow(thrown);
        });
        task.wake();
        assertThat(catchThrowable(queue::runNext)).isSameAs(thrown);
        goOn.countDown();
        other.get().join();
        assertThat(total).hasValue(2);
        assertThat(inside).hasValue(0);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
