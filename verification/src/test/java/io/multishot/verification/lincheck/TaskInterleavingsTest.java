package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Task;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A task is woken while it is scheduled, runs or ends a run. The step runs after every wake, and never overlaps itself.
 */
@Tag("interleavings")
class TaskInterleavingsTest {
    /** An executor that holds the one run that a task requests at a time, until {@code work} runs it. */
    private static final class Inbox implements Executor {
        private final AtomicReference<Runnable> request = new AtomicReference<>();

        @Override
        public void execute(Runnable run) {
            Require.that(request.getAndSet(run) == null, "a task requests one run at a time");
        }

        void work() {
            Runnable run = request.getAndSet(null);
            if (run != null) {
                run.run();
            }
        }
    }

    /** Two plain inputs, and a step that records what it saw of them. */
    private static final class Inputs implements Runnable {
        private final AtomicBoolean inside = new AtomicBoolean();
        private boolean one;
        private boolean two;
        private boolean sawOne;
        private boolean sawTwo;

        @Override
        public void run() {
            Require.that(inside.compareAndSet(false, true), "the step does not overlap itself");
            sawOne = one;
            sawTwo = two;
            inside.set(false);
        }
    }

    @Test
    void wakeAgainstRun() {
        Interleavings.explore(() -> {
            Inbox inbox = new Inbox();
            Inputs inputs = new Inputs();
            Task task = new Task(inbox, inputs);
            ScenarioThread<Void> waking = ScenarioThread.start(
                    () -> {
                        inputs.one = true;
                        task.wake();
                        return null;
                    },
                    task,
                    inputs,
                    inbox);

            inputs.two = true;
            task.wake();
            inbox.work();

            waking.join();
            inbox.work();
            Require.that(inputs.sawOne && inputs.sawTwo, "a run follows each wake and sees what came before it");
        });
    }

    @Test
    void wakesOnAnExecutorThatRunsInTheCaller() {
        Interleavings.explore(() -> {
            Inputs inputs = new Inputs();
            Task task = new Task(Runnable::run, inputs);
            ScenarioThread<Void> waking = ScenarioThread.start(
                    () -> {
                        inputs.one = true;
                        task.wake();
                        return null;
                    },
                    task,
                    inputs);

            inputs.two = true;
            task.wake();

            waking.join();
            Require.that(inputs.sawOne && inputs.sawTwo, "a run follows each wake and sees what came before it");
        });
    }

    /** One of two wakes is rejected and throws. The other one returns normally, so a run must follow it. */
    @Test
    void wakeAgainstRejection() {
        Interleavings.explore(() -> {
            Inputs inputs = new Inputs();
            AtomicBoolean rejecting = new AtomicBoolean(true);
            Task task = new Task(
                    run -> {
                        if (rejecting.getAndSet(false)) {
                            throw new RejectedExecutionException();
                        }
                        run.run();
                    },
                    inputs);
            ScenarioThread<Boolean> waking = ScenarioThread.start(
                    () -> {
                        inputs.one = true;
                        return wakes(task);
                    },
                    task,
                    inputs,
                    rejecting);

            inputs.two = true;
            boolean twoAccepted = wakes(task);

            boolean oneAccepted = waking.join();
            Require.that(oneAccepted != twoAccepted, "exactly one of the two wakes throws for the one rejection");
            Require.that(oneAccepted ? inputs.sawOne : inputs.sawTwo, "a run follows the wake that was accepted");
        });
    }

    private static boolean wakes(Task task) {
        try {
            task.wake();
            return true;
        } catch (RejectedExecutionException rejected) {
            return false;
        }
    }

    /** The task is the waker: its wake on the sender's thread races with the run that has just polled PENDING. */
    @ParameterizedTest
    @EnumSource
    void taskThatPolls(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            AtomicReference<String> received = new AtomicReference<>();
            AtomicReference<Task> self = new AtomicReference<>();
            Task task = new Task(Runnable::run, () -> {
                if (received.get() == null && receiver.poll(self.get()) == Poll.READY) {
                    received.set(receiver.take());
                }
            });
            self.set(task);
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending =
                    ScenarioThread.start(() -> sender.send("value"), receiver, sender, task, self, received);

            task.wake();

            Require.that(sending.join(), "the value is handed over");
            Require.that("value".equals(received.get()), "the task is run again when the value is there");
        });
    }
}
