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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A task outlives the faults of its step and of its executor. */
class TaskFaultTest {
    private final ManualExecutor queue = new ManualExecutor();
    private final Deque<Executor> script = new ArrayDeque<>();
    private Executor afterwards = queue;
    private Task task;
    private int runs;

    /** Makes the task. Its executor handles its first calls as listed, and enqueues later ones by default. */
    private void makeTask(Runnable step, Executor... calls) {
        script.addAll(Arrays.asList(calls));
        task = new Task(
                command -> {
                    Executor call = script.pollFirst();
                    (call == null ? afterwards : call).execute(command);
                },
                step);
    }

    private void count() {
        runs++;
    }

    private void countAndWakeOnce() {
        if (++runs == 1) {
            task.wake();
        }
    }

    private static Executor rejecting(Throwable thrown) {
        return command -> {
            throw sneakyThrow(thrown);
        };
    }

    private static Executor rejecting() {
        return rejecting(new IllegalStateException("full"));
    }

    /** Rejects after another thread has woken the task. */
    private Executor rejectingAfterAWake(Throwable thrown) {
        return command -> {
            wakeOnAnotherThread();
            throw sneakyThrow(thrown);
        };
    }

    /** Throws although the other executor has accepted the run. */
    private static Executor throwingAfter(Executor accepting) {
        return command -> {
            accepting.execute(command);
            throw new IllegalStateException("late");
        };
    }

    private void wakeOnAnotherThread() {
        runOnAnotherThread(task::wake);
    }

    private static void runOnAnotherThread(Runnable action) {
        try (SecondThread<Void> second = new SecondThread<>()) {
            second.start(() -> {
                action.run();
                return null;
            });
            second.join();
        }
    }

    private void assertServesOneWakeAtATime() {
        int before = runs;
        task.wake();
        task.wake();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(before + 1);
    }

    // ------------------------------------------------------------------ the step throws

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void aStepThatThrowsSurfacesInItsExecutorAndCanBeWokenAgain(Throwable thrown) {
        makeTask(() -> {
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
        makeTask(() -> {
            if (runs++ == 0) {
                task.wake();
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
        makeTask(
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
        afterwards = Runnable::run;
        makeTask(() -> wakeAndThrow(faults));
        Throwable thrown = catchThrowable(task::wake);
        assertThat(thrown).isSameAs(faults[0]);
        assertThat(thrown.getSuppressed()).containsExactly(Arrays.copyOfRange(faults, 1, faults.length));
    }

    private void wakeAndThrow(Throwable... faults) {
        if (runs < faults.length - 1) {
            task.wake();
        }
        throw sneakyThrow(faults[runs++]);
    }

    @Test
    void ofVeryManyFaultsTheFirstSurfacesWithSomeOfTheOthers() {
        Throwable first = new IllegalStateException();
        afterwards = Runnable::run;
        makeTask(() -> {
            if (++runs < 1000) {
                task.wake();
            }
            throw runs == 1 ? (RuntimeException) first : new IllegalStateException();
        });
        assertThat(catchThrowable(task::wake)).isSameAs(first);
        assertThat(first.getSuppressed()).hasSize(8);
        assertThat(runs).isEqualTo(1000);
    }

    @Test
    void aStepThatAlwaysThrowsTheSameObjectSurfacesItOnce() {
        RuntimeException fault = new IllegalStateException();
        afterwards = Runnable::run;
        makeTask(() -> {
            if (++runs < 5) {
                task.wake();
            }
            throw fault;
        });
        assertThat(catchThrowable(task::wake)).isSameAs(fault).hasNoSuppressedExceptions();
        assertThat(runs).isEqualTo(5);
    }

    // ------------------------------------------------------------------ the executor rejects a wake

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void aRejectedWakeThrowsWhatTheExecutorThrewAndTheNextWakeTriesAgain(Throwable thrown) {
        makeTask(this::count, rejecting(thrown), rejecting(thrown));
        assertThat(catchThrowable(task::wake)).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(catchThrowable(task::wake)).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(runs).isZero();
        assertThat(queue.size()).isZero();
        assertServesOneWakeAtATime();
    }

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void aWakeOfAnotherThreadDuringARejectionIsRequestedAgain(Throwable thrown) {
        makeTask(this::count, rejectingAfterAWake(thrown));
        assertThat(catchThrowable(task::wake)).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(1);
        assertServesOneWakeAtATime();
    }

    @Test
    void ifThatIsRejectedTooTheFirstRejectionIsThrownAndTheNextWakeTriesAgain() {
        Throwable first = new IllegalStateException("first");
        Throwable second = new AssertionError("second");
        makeTask(this::count, rejectingAfterAWake(first), rejecting(second));
        assertThat(catchThrowable(task::wake)).isSameAs(first).hasSuppressedException(second);
        assertThat(queue.size()).isZero();
        assertServesOneWakeAtATime();
    }

    @Test
    void eachRejectionDuringWhichAnotherThreadWokeIsFollowedByAnotherRequest() {
        Throwable first = new IllegalStateException("first");
        Throwable second = new IllegalStateException("second");
        makeTask(this::count, rejectingAfterAWake(first), rejectingAfterAWake(second));
        assertThat(catchThrowable(task::wake)).isSameAs(first).hasSuppressedException(second);
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(1);
    }

    @Test
    void anExecutorThatRejectsWithTheSameObjectTwiceDoesNoHarm() {
        Throwable thrown = new IllegalStateException();
        makeTask(this::count, rejectingAfterAWake(thrown), rejecting(thrown));
        assertThat(catchThrowable(task::wake)).isSameAs(thrown).hasNoSuppressedExceptions();
    }

    // ------------------------------------------------------------------ the executor rejects one more run

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void aRejectedRequestForOneMoreRunIsServedAtOnceOnTheSameThread(Throwable thrown) {
        makeTask(
                () -> {
                    if (++runs < 3) {
                        task.wake();
                    }
                },
                queue,
                rejecting(thrown),
                rejecting(thrown),
                rejecting(thrown));
        task.wake();
        queue.runNext();
        assertThat(runs).isEqualTo(3);
        assertThat(script).as("each further run was requested").hasSize(1);
        assertThat(catchThrowable(task::wake)).as("idle again").isSameAs(thrown);
    }

    @Test
    void aRejectedRequestForOneMoreRunIsServedAtOnceAlsoIfAnotherThreadHasWokenMeanwhile() {
        makeTask(this::countAndWakeOnce, queue, rejectingAfterAWake(new IllegalStateException("full")));
        task.wake();
        assertThat(catchThrowable(queue::runNext)).isNull();
        assertThat(runs).as("one run serves both").isEqualTo(2);
        assertThat(queue.size()).isZero();
        assertServesOneWakeAtATime();
    }

    @Test
    void inTheCallerARejectedRequestForOneMoreRunDoesNotOverflowTheStack() {
        afterwards = command -> {
            throw new IllegalStateException("only once");
        };
        makeTask(() -> countAndWakeUpTo(100_000), Runnable::run);
        task.wake();
        assertThat(runs).isEqualTo(100_000);
    }

    private void countAndWakeUpTo(int most) {
        if (++runs < most) {
            task.wake();
        }
    }

    @Test
    void oneMoreRunMayBeCalledInTheCallerBeforeTheExecutorThrows() {
        afterwards = throwingAfter(Runnable::run);
        makeTask(() -> countAndWakeUpTo(100_000), Runnable::run);
        assertThat(catchThrowable(task::wake)).isNull();
        assertThat(runs).isEqualTo(100_000);
    }

    @Test
    void oneMoreRunThatWasRejectedButEnqueuedRunsOnce() {
        makeTask(this::countAndWakeOnce, queue, throwingAfter(queue));
        task.wake();
        queue.runNext();
        assertThat(runs).as("served on the same thread").isEqualTo(2);
        assertThat(queue.runAll()).as("the run that was enqueued nevertheless").isEqualTo(1);
        assertThat(runs).isEqualTo(2);
        assertServesOneWakeAtATime();
    }

    @Test
    void faultsOfRunsThatWereServedOnTheSameThreadSurfaceTogether() {
        Throwable[] faults = Throwables.ofEveryKind().toArray(Throwable[]::new);
        afterwards = rejecting();
        makeTask(() -> wakeAndThrow(faults), queue);
        task.wake();
        Throwable thrown = catchThrowable(queue::runNext);
        assertThat(runs).isEqualTo(faults.length);
        assertThat(thrown).isSameAs(faults[0]);
        assertThat(thrown.getSuppressed()).hasSize(faults.length - 1).contains(faults[1], faults[faults.length - 1]);
    }

    // ------------------------------------------------------------------ the executor throws after it ran or enqueued

    @Test
    void aRunEnqueuedByAnExecutorThatThrewDoesNothing() {
        makeTask(this::count, throwingAfter(queue));
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isZero();

        task.wake();
        queue.runAll();
        assertThat(runs).isEqualTo(1);
    }

    @Test
    void aRunEnqueuedByAnExecutorThatThrewMayServeALaterWakeOnce() {
        makeTask(this::count, throwingAfter(queue));
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        task.wake();
        task.wake();
        assertThat(queue.size()).isEqualTo(2);
        queue.runNext();
        assertThat(runs).isEqualTo(1);
        queue.runNext();
        assertThat(runs).isEqualTo(1);
        assertServesOneWakeAtATime();
    }

    @Test
    void anExecutorThatRanTheStepInTheCallerBeforeItThrewHasServedTheWake() {
        makeTask(this::count, throwingAfter(Runnable::run), Runnable::run);
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        assertThat(runs).isEqualTo(1);
        task.wake();
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void aWakeBetweenTheRunAndTheExceptionOfTheExecutorIsNotLost() {
        makeTask(this::count, throwingAfter(command -> {
            command.run();
            task.wake();
        }));
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void aLateExceptionLeavesANewerRequestAlone() {
        makeTask(this::count, throwingAfter(command -> {
            command.run();
            wakeOnAnotherThread(); // enqueued
        }));
        assertThat(catchThrowable(task::wake)).hasMessage("late").hasNoSuppressedExceptions();
        assertThat(runs).isEqualTo(1);

        task.wake();
        assertThat(queue.size()).as("coalesced with the newer request").isEqualTo(1);
        queue.runAll();
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void aLateExceptionLeavesANewerRequestAloneAfterOneThatWasRejected() {
        makeTask(
                this::count,
                throwingAfter(command -> {
                    command.run();
                    assertThat(catchThrowable(task::wake)).hasMessage("full");
                    task.wake();
                }),
                rejecting());
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        assertThat(queue.runAll()).as("the newer request").isEqualTo(1);
        assertThat(runs).isEqualTo(2);
        assertServesOneWakeAtATime();
    }

    @Test
    void aLateExceptionLeavesANewerRequestAloneAfterOneThatWasRejectedTwice() {
        makeTask(
                this::count,
                throwingAfter(command -> {
                    command.run();
                    assertThat(catchThrowable(task::wake)).hasMessage("full");
                    task.wake();
                }),
                rejectingAfterAWake(new IllegalStateException("full")),
                rejecting(new IllegalStateException("still full")));
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        assertThat(queue.runAll()).as("the newer request").isEqualTo(1);
        assertThat(runs).isEqualTo(2);
        assertServesOneWakeAtATime();
    }

    @Test
    void aLateExceptionLeavesANewerRequestAloneAfterARunThatWasServedAtOnce() {
        makeTask(
                this::countAndWakeOnce,
                throwingAfter(command -> {
                    command.run();
                    assertThat(runs).isEqualTo(2);
                    task.wake();
                }),
                rejecting());
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        assertThat(queue.runAll()).as("the newer request").isEqualTo(1);
        assertThat(runs).isEqualTo(3);
        assertServesOneWakeAtATime();
    }

    @Test
    void aLateExceptionLeavesANewerRunAlone() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger total = new AtomicInteger();
        Thread[] newer = new Thread[1];
        makeTask(
                () -> {
                    assertThat(inside.incrementAndGet()).as("steps at once").isEqualTo(1);
                    if (total.incrementAndGet() == 2) {
                        begun.countDown();
                        assertThat(await(goOn)).isTrue();
                    }
                    inside.decrementAndGet();
                },
                throwingAfter(command -> {
                    command.run();
                    task.wake();
                    assertThat(await(begun)).isTrue();
                }),
                command -> {
                    newer[0] = new Thread(command);
                    newer[0].start();
                });
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        task.wake();
        assertThat(queue.size()).as("a run is in progress").isZero();
        goOn.countDown();
        newer[0].join();
        assertThat(total).hasValue(2);
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(total).hasValue(3);
    }

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void anExceptionThatComesWhileAnotherThreadRunsTheNextRunSurfaces(Throwable thrown) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger total = new AtomicInteger();
        Thread[] other = new Thread[1];
        makeTask(
                () -> {
                    assertThat(inside.incrementAndGet()).as("steps at once").isEqualTo(1);
                    if (total.incrementAndGet() == 1) {
                        task.wake();
                    } else {
                        begun.countDown();
                        assertThat(await(goOn)).isTrue();
                    }
                    inside.decrementAndGet();
                },
                queue,
                command -> {
                    other[0] = new Thread(command);
                    other[0].start();
                    assertThat(await(begun)).isTrue();
                    throw sneakyThrow(thrown);
                });
        task.wake();
        assertThat(catchThrowable(queue::runNext)).isSameAs(thrown);
        goOn.countDown();
        other[0].join();
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

    // ------------------------------------------------------------------ the executor calls a run more than once

    @Test
    void aRunCalledInTheCallerAndOnAnotherThreadRunsOnTheOtherThread() {
        makeTask(this::countAndWakeOnce, queue, command -> {
            command.run();
            runOnAnotherThread(command);
        });
        task.wake();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void aFaultOfARunThatASurplusCallBeganSurfaces() {
        afterwards = command -> {
            command.run();
            command.run();
        };
        makeTask(
                () -> {
                    if (++runs == 2) {
                        throw new IllegalStateException("fault");
                    }
                    task.wake();
                },
                queue);
        task.wake();
        assertThat(catchThrowable(queue::runNext)).hasMessage("fault");
        assertThat(runs).isEqualTo(2);
    }
}
