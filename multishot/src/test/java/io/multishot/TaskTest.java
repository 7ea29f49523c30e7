package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When and how often a task runs its step, on one thread. */
class TaskTest {
    private final ManualExecutor executor = new ManualExecutor();
    private Task task;
    private int runs;

    private void count() {
        runs++;
    }

    @Test
    void aTaskThatWasNotWokenRequestsNoRun() {
        task = new Task(executor, this::count);
        assertThat(task).isNotNull();
        assertThat(executor.size()).isZero();
    }

    @Test
    void wakesBeforeARunCoalesceIntoThatRun() {
        task = new Task(executor, this::count);
        for (int i = 0; i < 10; i++) {
            task.wake();
        }
        assertThat(runs).isZero();
        assertThat(executor.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(1);
    }

    @Test
    void aWakeAfterARunGivesTheNextRun() {
        task = new Task(executor, this::count);
        for (int i = 1; i <= 5; i++) {
            task.wake();
            task.wake();
            assertThat(executor.runAll()).isEqualTo(1);
            assertThat(runs).isEqualTo(i);
        }
    }

    @Test
    void wakesDuringARunGiveExactlyOneMore() {
        task = new Task(executor, () -> {
            if (runs++ == 0) {
                for (int i = 0; i < 10; i++) {
                    task.wake();
                }
                assertThat(executor.size()).isZero();
            }
        });
        task.wake();

        executor.runNext();
        assertThat(runs).isEqualTo(1);
        assertThat(executor.size()).isEqualTo(1);
        executor.runNext();
        assertThat(runs).isEqualTo(2);
        assertThat(executor.size()).isZero();
    }

    @Test
    void wakesBetweenARunAndTheOneItRequestedCoalesceIntoTheLatter() {
        task = new Task(executor, () -> {
            if (runs++ == 0) {
                task.wake();
            }
        });
        task.wake();
        executor.runNext();
        task.wake();
        task.wake();
        assertThat(executor.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void aStepThatWakesItselfLetsOtherWorkHaveItsTurn() {
        List<String> order = new ArrayList<>();
        task = new Task(executor, () -> {
            order.add("step");
            if (order.size() < 6) {
                task.wake();
                executor.execute(() -> order.add("other"));
            }
        });
        task.wake();
        executor.runAll();
        assertThat(order).containsExactly("step", "other", "step", "other", "step", "other", "step");
    }

    @Test
    void inTheCallerTheStepHasRunWhenWakeReturns() {
        task = new Task(Runnable::run, this::count);
        task.wake();
        assertThat(runs).isEqualTo(1);
        task.wake();
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void inTheCallerTheStepNeverRunsInsideItself() {
        boolean[] inside = new boolean[1];
        task = new Task(Runnable::run, () -> {
            assertThat(inside[0]).isFalse();
            inside[0] = true;
            if (++runs < 10) {
                task.wake();
                task.wake();
            }
            inside[0] = false;
        });
        task.wake();
        assertThat(runs).isEqualTo(10);
    }

    @Test
    void inTheCaller100000SelfWakesDoNotOverflowTheStack() {
        task = new Task(Runnable::run, () -> {
            if (++runs < 100_000) {
                task.wake();
            }
        });
        task.wake();
        assertThat(runs).isEqualTo(100_000);
    }

    @Test
    void inTheCallerTwoTasksThatWakeEachOtherDoNotOverflowTheStack() {
        AtomicReference<Task> ping = new AtomicReference<>();
        Task pong = new Task(Runnable::run, () -> ping.get().wake());
        ping.set(new Task(Runnable::run, () -> {
            if (++runs < 100_000) {
                pong.wake();
            }
        }));
        ping.get().wake();
        assertThat(runs).isEqualTo(100_000);
    }

    @Test
    void anExecutorThatSometimesRunsInTheCallerGetsEveryRunDone() {
        int[] calls = new int[1];
        Executor mixed = command -> {
            if (calls[0]++ % 3 == 0) {
                executor.execute(command);
            } else {
                command.run();
            }
        };
        task = new Task(mixed, () -> {
            if (++runs < 100) {
                task.wake();
            }
        });
        task.wake();
        executor.runAll();
        assertThat(runs).isEqualTo(100);
        assertThat(calls[0]).as("each run was requested once").isEqualTo(100);
    }

    @Test
    void surplusCallsOfTheRunnableDoNothing() {
        AtomicReference<Runnable> runnable = new AtomicReference<>();
        task = new Task(runnable::set, () -> {
            count();
            runnable.get().run();
        });
        task.wake();
        runnable.get().run();
        assertThat(runs).as("one call, and one more inside the step").isEqualTo(1);
        runnable.get().run();
        runnable.get().run();
        assertThat(runs).as("idle").isEqualTo(1);
        task.wake();
        runnable.get().run();
        runnable.get().run();
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void aRunnableThatIsCalledTwiceInTheCallerDoesNoHarm() {
        boolean[] inside = new boolean[1];
        task = new Task(
                command -> {
                    command.run();
                    command.run();
                },
                () -> {
                    assertThat(inside[0]).isFalse();
                    inside[0] = true;
                    if (++runs < 1_000) {
                        task.wake();
                    }
                    inside[0] = false;
                });
        task.wake();
        assertThat(runs).isEqualTo(1_000);
    }

    @Test
    void nullArgumentsAreRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> new Task(null, this::count))
                .withMessage("executor");
        assertThatNullPointerException()
                .isThrownBy(() -> new Task(executor, null))
                .withMessage("step");
    }

    @Test
    @Tag("unchecked")
    @Tag("allocation")
    void wakesAndRunsAllocateNothing() {
        task = new Task(executor, () -> {
            if ((runs++ & 1) == 0) {
                task.wake();
            }
        });
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++) {
                task.wake();
                task.wake();
                executor.runNext();
                executor.runNext();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least)
                .as("bytes in 100,000 cycles of three wakes and two runs")
                .isZero();
        assertThat(executor.size()).isZero();
    }
}
