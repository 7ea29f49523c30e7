package io.multishot.guide;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import java.io.FileNotFoundException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The guide's "Work that nobody wants any more". */
class CancellingWorkTest {
    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private final CountDownLatch begun = new CountDownLatch(1);

    @AfterEach
    void stop() {
        workers.shutdownNow();
    }

    // tag::cancel-work[]
    Future<?> start(Sender<Long> sender, Callable<Long> question) {
        Future<?> work = workers.submit(() -> sender.sendFrom(question));
        sender.onAbandon(() -> work.cancel(true)); // on the receiver's thread
        return work;
    }
    // end::cancel-work[]

    // tag::cancel-look[]
    long count(Sender<?> sender) {
        long count = 0;
        while (!sender.isAbandoned()) { // one load
            count++;
            begun.countDown();
        }
        return count;
    }
    // end::cancel-look[]

    @Test
    void workIsCancelledWhenItsRoundIsAbandoned() throws InterruptedException {
        Receiver<Long> receiver = new Receiver<>();
        CountDownLatch interrupted = new CountDownLatch(1);
        Future<?> work = start(receiver.sender(), () -> sleepUntilInterrupted(interrupted));
        begun.await();
        assertThat(work.isDone()).isFalse();
        assertThat(receiver.abandon()).isTrue();
        assertThat(work.isCancelled()).isTrue();
        assertThat(interrupted.await(30, SECONDS)).isTrue();
    }

    private long sleepUntilInterrupted(CountDownLatch interrupted) throws InterruptedException {
        begun.countDown();
        try {
            DAYS.sleep(1);
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
        return 0;
    }

    @Test
    void workThatChecksItsSenderStopsWhenTheRoundIsAbandoned() throws Exception {
        Receiver<Long> receiver = new Receiver<>();
        Sender<Long> sender = receiver.sender();
        Future<Boolean> work = workers.submit(() -> sender.sendFrom(() -> count(sender)));
        begun.await();
        assertThat(work.isDone()).isFalse();
        assertThat(receiver.abandon()).isTrue();
        assertThat(work.get(30, SECONDS)).isFalse();
    }

    @Test
    void whatWorkThrowsFailsTheRound() throws InterruptedException {
        Receiver<String> receiver = new Receiver<>();
        Sender<String> sender = receiver.sender();
        // tag::cancel-send-from[]
        Future<Boolean> work = workers.submit(() -> sender.sendFrom(() -> read("no such file")));
        // end::cancel-send-from[]
        assertThatThrownBy(receiver::receive)
                .isInstanceOf(SenderFailedException.class)
                .hasCauseInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(work::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(FileNotFoundException.class);
    }

    private static String read(String file) throws FileNotFoundException {
        throw new FileNotFoundException(file);
    }
}
