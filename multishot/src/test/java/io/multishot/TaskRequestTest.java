package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Whoever's request for a run failed takes back that request and no other, whatever has come in between. */
class TaskRequestTest {
    private static final Executor REJECTING = command -> {
        throw new RejectedExecutionException("full");
    };

    private final ManualExecutor queue = new ManualExecutor();
    private final Deque<Executor> script = new ArrayDeque<>();
    private Task task;
    private int runs;

    /** Makes a task whose executor treats its calls as listed, one by one, and afterwards enqueues. */
    private void makeTask(Runnable step, Executor... calls) {
        script.addAll(Arrays.asList(calls));
        task = new Task(
                command -> {
                    Executor call = script.pollFirst();
                    (call == null ? queue : call).execute(command);
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

    private void assertServesOneWakeAtATime() {
        int before = runs;
        task.wake();
        task.wake();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(runs).isEqualTo(before + 1);
    }

    @Test
    void aLateFailureLeavesANewerRequestAloneThoughOneWasTakenBackInBetween() {
        makeTask(
                this::count,
                command -> {
                    command.run();
                    assertThat(catchThrowable(task::wake)).hasMessage("full");
                    task.wake();
                    throw new IllegalStateException("late");
                },
                REJECTING);
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        assertThat(queue.runAll()).as("the newer request").isEqualTo(1);
        assertThat(runs).isEqualTo(2);
        assertServesOneWakeAtATime();
    }

    @Test
    void aLateFailureLeavesANewerRequestAloneThoughAnotherWasHandedOverTwiceInBetween() {
        makeTask(
                this::count,
                command -> {
                    command.run();
                    assertThat(catchThrowable(task::wake)).hasMessage("full");
                    task.wake();
                    throw new IllegalStateException("late");
                },
                command -> {
                    wakeOnAnotherThread();
                    REJECTING.execute(command);
                },
                REJECTING);
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        assertThat(queue.runAll()).as("the newer request").isEqualTo(1);
        assertThat(runs).isEqualTo(2);
        assertServesOneWakeAtATime();
    }

    @Test
    void aLateFailureLeavesANewerRequestAloneThoughARunWasServedAtOnceInBetween() {
        makeTask(
                this::countAndWakeOnce,
                command -> {
                    command.run();
                    assertThat(runs).isEqualTo(2);
                    task.wake();
                    throw new IllegalStateException("late");
                },
                REJECTING);
        assertThat(catchThrowable(task::wake)).hasMessage("late");
        assertThat(queue.runAll()).as("the newer request").isEqualTo(1);
        assertThat(runs).isEqualTo(3);
        assertServesOneWakeAtATime();
    }

    @Test
    void aRejectedRequestForOneMoreRunIsServedAtOnceAlsoIfOthersHaveWokenMeanwhile() {
        makeTask(this::countAndWakeOnce, queue, command -> {
            wakeOnAnotherThread();
            REJECTING.execute(command);
        });
        task.wake();
        assertThat(catchThrowable(queue::runNext)).isNull();
        assertThat(runs).as("one run serves both").isEqualTo(2);
        assertThat(queue.size()).isZero();
        assertServesOneWakeAtATime();
    }

    @Test
    void ofVeryManyFaultsTheFirstSurfacesWithSomeOfTheOthers() {
        Throwable first = new IllegalStateException();
        makeTask(() -> {
            if (++runs < 1000) {
                task.wake();
            }
            throw runs == 1 ? (RuntimeException) first : new IllegalStateException();
        });
        script.addAll(Collections.nCopies(1000, Runnable::run));
        assertThat(catchThrowable(task::wake)).isSameAs(first);
        assertThat(first.getSuppressed()).hasSize(8);
        assertThat(runs).isEqualTo(1000);
    }

    private void wakeOnAnotherThread() {
        Thread other = new Thread(task::wake);
        other.start();
        try {
            other.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
