package io.multishot.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The migration page's "From a CompletableFuture per request". */
class FromFuturesTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final ExecutorService workers = Executors.newSingleThreadExecutor();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void stop() {
        workers.shutdownNow();
    }

    private String answer(String question) throws InterruptedException {
        if (question.equals("why?")) {
            released.await();
        }
        if (question.equals("1 / 0")) {
            throw new ArithmeticException("undefined");
        }
        return "answer to " + question;
    }

    private final class Before {
        // tag::from-future-before[]
        String ask(String question, Duration timeout)
                throws InterruptedException, ExecutionException, TimeoutException {
            CompletableFuture<String> reply = new CompletableFuture<>();
            workers.execute(() -> {
                try {
                    reply.complete(answer(question));
                } catch (Exception failed) {
                    reply.completeExceptionally(failed);
                }
            });
            return reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
        // end::from-future-before[]
    }

    private final class After {
        // tag::from-future-after[]
        private final Receiver<String> receiver = new Receiver<>(); // one for each requester, as long as it lives

        String ask(String question, Duration timeout) throws InterruptedException, TimeoutException {
            Sender<String> sender = receiver.sender();
            try {
                workers.submit(() -> sender.sendFrom(() -> answer(question)));
                return receiver.receive(timeout);
            } finally {
                receiver.abandon(); // after a timeout or an interrupt; if the round is over, it does nothing
            }
        }
        // end::from-future-after[]
    }

    @Test
    void bothReturnTheAnswer() throws Exception {
        Before before = new Before();
        After after = new After();
        for (String question : new String[] {"one", "two"}) {
            assertThat(before.ask(question, LONG)).isEqualTo("answer to " + question);
            assertThat(after.ask(question, LONG)).isEqualTo("answer to " + question);
        }
    }

    @Test
    void bothThrowWithTheCause() {
        assertThatThrownBy(() -> new Before().ask("1 / 0", LONG))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new After().ask("1 / 0", LONG))
                .isInstanceOf(SenderFailedException.class)
                .hasCauseInstanceOf(ArithmeticException.class);
    }

    @Test
    void bothGoOnAfterATimeout() throws Exception {
        Before before = new Before();
        After after = new After();
        assertThatThrownBy(() -> before.ask("why?", SHORT)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> after.ask("why?", SHORT)).isInstanceOf(TimeoutException.class);
        released.countDown();
        assertThat(before.ask("one", LONG)).isEqualTo("answer to one");
        assertThat(after.ask("two", LONG)).isEqualTo("answer to two");
    }

    @Test
    void onlyTheSenderSaysThatNobodyWantsALateAnswer() {
        CompletableFuture<String> reply = new CompletableFuture<>();
        assertThatThrownBy(() -> reply.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(reply.complete("late")).as("although nobody will read it").isTrue();

        Receiver<String> receiver = new Receiver<>();
        Sender<String> sender = receiver.sender();
        assertThatThrownBy(() -> receiver.receive(SHORT)).isInstanceOf(TimeoutException.class);
        receiver.abandon();
        assertThat(sender.isAbandoned()).isTrue();
        assertThat(sender.send("late")).isFalse();
    }

    @Test
    void onlyTheSenderReportsASecondAnswer() {
        CompletableFuture<String> reply = new CompletableFuture<>();
        reply.complete("first");
        assertThat(reply.complete("second")).as("which is easy to overlook").isFalse();

        Sender<String> sender = new Receiver<String>().sender();
        sender.send("first");
        assertThat(sender.trySend("second")).isFalse();
        assertThatThrownBy(() -> sender.send("second")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlyTheFutureKeepsItsResult() {
        CompletableFuture<String> reply = CompletableFuture.completedFuture("42");
        assertThat(reply.join()).isEqualTo(reply.join());

        Receiver<String> receiver = new Receiver<>();
        receiver.sender().send("42");
        assertThat(receiver.take()).isEqualTo("42");
        assertThatThrownBy(receiver::take).hasMessageContaining("no round");
    }
}
