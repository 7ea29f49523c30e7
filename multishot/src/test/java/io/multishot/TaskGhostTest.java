package io.multishot;

import static io.multishot.Sneaky.sneaky;
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
    void the_run_of_an_executor_that_threw_is_surplus_if_nobody_asks_for_it_any_more() {
        Task task = new Task(ghostly(), this::count);
        assertThat(catchThrowable(task::wake)).hasMessage("ghost");
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isZero();

        task.wake();
        queue.runAll();
        assertThat(runs).isEqualTo(1);
    }

    @Test
    void the_run_of_an_executor_that_threw_may_serve_a_later_wake_once() {
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
    void an_executor_that_ran_the_step_in_the_caller_before_it_threw_has_served_the_wake() {
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
    void a_wake_after_the_ghost_run_but_before_the_executor_throws_is_not_lost() {
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
    void a_run_that_an_executor_begins_in_the_caller_and_then_on_another_thread_is_the_other_thread_s() {
        Task task = new Task(
                command -> {
                    if (calls++ == 0) {
                        queue.execute(command);
                        return;
                    }
                    command.run();
                    try (Partner<Void> other = new Partner<>()) {
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
    @MethodSource("io.multishot.Sneaky#throwables")
    void a_rejected_request_for_one_more_run_is_served_at_once_on_the_same_thread(Throwable thrown) {
        Task task = new Task(
                command -> {
                    if (calls++ > 0) {
                        throw sneaky(thrown);
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
    void in_the_caller_a_rejected_request_for_one_more_run_is_served_at_once_without_overflow() {
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
    void a_run_asked_for_after_a_run_may_be_called_in_the_caller_before_the_executor_throws() {
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
    void a_request_for_one_more_run_that_was_rejected_but_enqueued_runs_once() {
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
    void faults_of_runs_that_were_served_on_the_same_thread_surface_together() {
        Throwable[] faults = Sneaky.throwables().toArray(Throwable[]::new);
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
                    throw sneaky(faults[runs++]);
                });
        self.set(task);
        task.wake();
        Throwable thrown = catchThrowable(queue::runNext);
        assertThat(runs).isEqualTo(faults.length);
        assertThat(thrown).isSameAs(faults[0]);
        assertThat(thrown.getSuppressed()).hasSize(faults.length - 1).contains(faults[1], faults[faults.length - 1]);
    }

    @Test
    void a_fault_of_a_run_that_a_surplus_call_began_while_more_was_asked_for_surfaces() {
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
