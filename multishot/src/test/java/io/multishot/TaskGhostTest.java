package io.multishot;

import static io.multishot.Throwables.sneakyThrow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Executors that throw but run the step all the same, and executors that reject what comes after a run. */
class TaskGhostTest {
    private final ManualExecutor queue = new ManualExecutor();
    private final AtomicReference<Task> self = new AtomicReference<>();
    private int calls;
    private int runs;

    private void count() {
        runs++;
    }

    private Executor ghostly() {
        return command -> {
            queue.execute(command);
            if (calls++ == 0) {
                throw new IllegalStateException("ghost");
            }
        };
    }

    @Test
    void theRunOfAnExecutorThatThrewIsSurplusIfNobodyAsksForItAnyMore() {
        Task task = new Task(ghostly(), this::count);
        assertThat(catchThrowable(task::wake)).hasMessage("ghost");
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isZero();

        task.wake();
        queue.runAll();
        assertThat(runs).isEqualTo(1);
    }

    @Test
    void theRunOfAnExecutorThatThrewMayServeALaterWakeOnce() {
        Task task = new Task(ghostly(), this::count);
        assertThat(catchThrowable(task::wake)).hasMessage("ghost");
        task.wake();
        task.wake();
        assertThat(queue.size()).isEqualTo(2);
        queue.runNext();
        assertThat(runs).isEqualTo(1);
        queue.runNext();
        assertThat(runs).isEqualTo(1);

        task.wake();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void anExecutorThatRanTheStepInTheCallerBeforeItThrewHasServedTheWake() {
        Task task = new Task(
                command -> {
                    command.run();
                    if (calls++ == 0) {
                        throw new IllegalStateException("late");
                    }
                },
                this::count);
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        assertThat(runs).isEqualTo(1);
        task.wake();
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void aWakeAfterTheGhostRunButBeforeTheExecutorThrowsIsNotLost() {
        Task task = new Task(
                command -> {
                    if (calls++ == 0) {
                        command.run();
                        self.get().wake();
                        throw new IllegalStateException("late");
                    }
                    queue.execute(command);
                },
                this::count);
        self.set(task);
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void aRunThatAnExecutorBeginsInTheCallerAndThenOnAnotherThreadIsTheOtherThreadS() {
        Task task = new Task(
                command -> {
                    if (calls++ == 0) {
                        queue.execute(command);
                        return;
                    }
                    command.run();
                    try (SecondThread<Void> other = new SecondThread<>()) {
                        other.start(() -> {
                            command.run();
                            return null;
                        });
                        other.join();
                    }
                },
                () -> {
                    if (++runs < 2) {
                        self.get().wake();
                    }
                });
        self.set(task);
        task.wake();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void aRejectedRequestForOneMoreRunIsServedAtOnceOnTheSameThread(Throwable thrown) {
        Task task = new Task(
                command -> {
                    if (calls++ > 0) {
                        throw sneakyThrow(thrown);
                    }
                    queue.execute(command);
                },
                () -> {
                    if (++runs < 3) {
                        self.get().wake();
                    }
                });
        self.set(task);
        task.wake();
        queue.runNext();
        assertThat(runs).isEqualTo(3);
        assertThat(calls).as("each further run was asked for").isEqualTo(3);
        assertThat(catchThrowable(task::wake)).as("idle again").isSameAs(thrown);
    }

    @Test
    void inTheCallerARejectedRequestForOneMoreRunIsServedAtOnceWithoutOverflow() {
        Task task = new Task(
                command -> {
                    if (calls++ > 0) {
                        throw new IllegalStateException("only once");
                    }
                    command.run();
                },
                () -> {
                    if (++runs < 100_000) {
                        self.get().wake();
                    }
                });
        self.set(task);
        task.wake();
        assertThat(runs).isEqualTo(100_000);
    }

    @Test
    void aRunAskedForAfterARunMayBeCalledInTheCallerBeforeTheExecutorThrows() {
        Task task = new Task(
                command -> {
                    boolean resubmitted = calls++ > 0;
                    command.run();
                    if (resubmitted) {
                        throw new IllegalStateException("late");
                    }
                },
                () -> {
                    if (++runs < 100_000) {
                        self.get().wake();
                    }
                });
        self.set(task);
        assertThat(catchThrowable(task::wake)).isNull();
        assertThat(runs).isEqualTo(100_000);
    }

    @Test
    void aRequestForOneMoreRunThatWasRejectedButEnqueuedRunsOnce() {
        Task task = new Task(
                command -> {
                    queue.execute(command);
                    if (calls++ == 1) {
                        throw new IllegalStateException("ghost");
                    }
                },
                () -> {
                    if (++runs == 1) {
                        self.get().wake();
                    }
                });
        self.set(task);
        task.wake();
        queue.runNext();
        assertThat(runs).as("served on the same thread").isEqualTo(2);
        assertThat(queue.runAll()).as("the ghost").isEqualTo(1);
        assertThat(runs).isEqualTo(2);
        task.wake();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(3);
    }

    @Test
    void faultsOfRunsThatWereServedOnTheSameThreadSurfaceTogether() {
        Throwable[] faults = Throwables.ofEveryKind().toArray(Throwable[]::new);
        Task task = new Task(
                command -> {
                    if (calls++ > 0) {
                        throw new IllegalStateException("full");
                    }
                    queue.execute(command);
                },
                () -> {
                    if (runs < faults.length - 1) {
                        self.get().wake();
                    }
                    throw sneakyThrow(faults[runs++]);
                });
        self.set(task);
        task.wake();
        Throwable thrown = catchThrowable(queue::runNext);
        assertThat(runs).isEqualTo(faults.length);
        assertThat(thrown).isSameAs(faults[0]);
        assertThat(thrown.getSuppressed()).hasSize(faults.length - 1).contains(faults[1], faults[faults.length - 1]);
    }

    @Test
    void aFaultOfARunThatASurplusCallBeganWhileMoreWasAskedForSurfaces() {
        Task task = new Task(
                command -> {
                    if (calls++ == 0) {
                        queue.execute(command);
                    } else {
                        command.run();
                        command.run();
                    }
                },
                () -> {
                    if (++runs == 2) {
                        throw new IllegalStateException("fault");
                    }
                    self.get().wake();
                });
        self.set(task);
        task.wake();
        assertThat(catchThrowable(queue::runNext)).hasMessage("fault");
        assertThat(runs).isEqualTo(2);
    }
}
