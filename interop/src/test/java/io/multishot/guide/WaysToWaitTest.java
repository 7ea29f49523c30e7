package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import io.multishot.Task;
import io.multishot.Waker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The guide's "Choose how to wait". */
class WaysToWaitTest {
    private final ExecutorService workers = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        workers.shutdownNow();
    }

    // tag::wait-thread[]
    static final class Requester {
        private final Receiver<String> receiver = new Receiver<>(); // one, for all questions of this thread

        String ask(ExecutorService workers, String question) throws InterruptedException {
            Sender<String> sender = receiver.sender();
            workers.execute(() -> sender.send("answer to " + question));
            return receiver.receive();
        }
    }
    // end::wait-thread[]

    @Test
    void aThreadWaits() throws InterruptedException {
        Requester requester = new Requester();
        assertThat(requester.ask(workers, "one")).isEqualTo("answer to one");
        assertThat(requester.ask(workers, "two")).isEqualTo("answer to two");
    }

    @Test
    void anOutcomeIsAValueAFailureOrADrop() throws InterruptedException {
        assertThat(outcome(sender -> sender.send("42"))).isEqualTo("a value: 42");
        assertThat(outcome(sender -> sender.fail(new ArithmeticException("1 / 0"))))
                .isEqualTo("a failure: java.lang.ArithmeticException: 1 / 0");
        assertThat(outcome(Sender::drop)).isEqualTo("no value");
    }

    private String outcome(Consumer<Sender<String>> use) throws InterruptedException {
        Receiver<String> receiver = new Receiver<>();
        Sender<String> sender = receiver.sender();
        workers.execute(() -> use.accept(sender));
        // tag::wait-outcomes[]
        try {
            return "a value: " + receiver.receive();
        } catch (SenderFailedException failed) {
            return "a failure: " + failed.getCause(); // what fail() was given
        } catch (SenderDroppedException dropped) {
            return "no value";
        }
        // end::wait-outcomes[]
    }

    /** Asks until a sum is reached, without blocking a thread. */
    private static final class Count {
        private final Receiver<Integer> receiver = new Receiver<>();
        private final CountDownLatch done = new CountDownLatch(1);
        private final ExecutorService workers;
        private final int goal;

        Count(ExecutorService workers, int goal) {
            this.workers = workers;
            this.goal = goal;
            task = new Task(workers, this::step);
        }

        // tag::wait-task[]
        private final Task task; // new Task(workers, this::step)
        private int sum; // for the task only

        private void ask() {
            Sender<Integer> sender = receiver.sender();
            workers.execute(() -> sender.send(1));
        }

        private void step() { // on the executor, one run at a time
            while (receiver.poll(task) == Poll.READY) { // if it is PENDING, the sender will wake the task
                sum += receiver.take();
                if (sum == goal) {
                    done.countDown();
                } else {
                    ask();
                }
            }
        }
        // end::wait-task[]

        int run() throws InterruptedException {
            ask();
            task.wake();
            done.await();
            return sum;
        }
    }

    @Test
    void aTaskIsWoken() throws InterruptedException {
        assertThat(new Count(workers, 1000).run()).isEqualTo(1000);
    }

    @Test
    void aFutureIsAwaited() {
        Receiver<String> receiver = new Receiver<>();
        Sender<String> sender = receiver.sender();
        workers.execute(() -> sender.send("42"));
        // tag::wait-future[]
        CompletableFuture<Integer> answer = receiver.receiveAsync().thenApply(Integer::valueOf);
        // end::wait-future[]
        assertThat(answer.join()).isEqualTo(42);
        assertThatThrownBy(() -> receiver.receiveAsync().join()).hasCauseInstanceOf(SenderDroppedException.class);
    }

    @Test
    void aLoopIsWokenByItsWaker() throws InterruptedException {
        Receiver<String> receiver = new Receiver<>();
        Sender<String> sender = receiver.sender();
        workers.execute(() -> sender.send("42"));
        // tag::wait-loop[]
        Semaphore doorbell = new Semaphore(0);
        Waker waker = doorbell::release; // made once: wakers are compared by identity
        while (receiver.poll(waker) == Poll.PENDING) { // again after each wake, which may be a late one
            doorbell.acquire();
        }
        String answer = receiver.take();
        // end::wait-loop[]
        assertThat(answer).isEqualTo("42");
    }
}
