package io.multishot.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.Sender;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The migration page's "From SynchronousQueue or Exchanger". */
class FromQueuesTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final ExecutorService worker = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        worker.shutdownNow();
    }

    private static String answer(String question) {
        return "answer to " + question;
    }

    private static final class Before {
        // tag::from-queue-before[]
        record Request(String question, SynchronousQueue<String> reply) {}

        private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
        private final SynchronousQueue<String> reply = new SynchronousQueue<>(); // one for each requester

        String ask(String question, Duration timeout) throws InterruptedException, TimeoutException {
            requests.put(new Request(question, reply));
            String answer = reply.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (answer == null) {
                throw new TimeoutException();
            }
            return answer;
        }

        void answerNext() throws InterruptedException { // on the worker's thread
            Request request = requests.take();
            request.reply().put(answer(request.question())); // waits for the requester
        }
        // end::from-queue-before[]
    }

    private static final class After {
        // tag::from-queue-after[]
        record Request(String question, Sender<String> reply) {}

        private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
        private final Receiver<String> receiver = new Receiver<>(); // one for each requester

        String ask(String question, Duration timeout) throws InterruptedException, TimeoutException {
            try {
                requests.put(new Request(question, receiver.sender()));
                return receiver.receive(timeout);
            } finally {
                receiver.abandon(); // if the round is over, it does nothing
            }
        }

        void answerNext() throws InterruptedException { // on the worker's thread
            Request request = requests.take();
            request.reply().send(answer(request.question())); // waits for nobody
        }
        // end::from-queue-after[]
    }

    private Future<?> answering(Callable<?> answers) {
        return worker.submit(answers);
    }

    @Test
    void bothReturnTheAnswer() throws Exception {
        Before before = new Before();
        answering(() -> {
            before.answerNext();
            return null;
        });
        assertThat(before.ask("one", LONG)).isEqualTo("answer to one");

        After after = new After();
        answering(() -> {
            after.answerNext();
            return null;
        });
        assertThat(after.ask("one", LONG)).isEqualTo("answer to one");
    }

    @Test
    void theQueueGivesALateAnswerToTheNextQuestion() throws Exception {
        Before before = new Before();
        assertThatThrownBy(() -> before.ask("one", SHORT)).isInstanceOf(TimeoutException.class);
        answering(() -> {
            before.answerNext(); // waits for a requester
            return null;
        });
        assertThat(before.ask("two", LONG)).as("the wrong answer").isEqualTo("answer to one");
    }

    @Test
    void theChannelGivesEachQuestionItsOwnAnswer() throws Exception {
        After after = new After();
        assertThatThrownBy(() -> after.ask("one", SHORT)).isInstanceOf(TimeoutException.class);
        answering(() -> {
            after.answerNext(); // nobody wants it
            after.answerNext();
            return null;
        });
        assertThat(after.ask("two", LONG)).isEqualTo("answer to two");
    }

    @Test
    void anExchangerPairsWhoeverComes() throws Exception {
        Exchanger<String> exchanger = new Exchanger<>();
        Future<String> other = worker.submit(() -> exchanger.exchange("question of another requester"));
        assertThat(exchanger.exchange("question")).as("no answer").isEqualTo("question of another requester");
        assertThat(other.get()).isEqualTo("question");
    }
}
