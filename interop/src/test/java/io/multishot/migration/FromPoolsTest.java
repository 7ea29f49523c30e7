package io.multishot.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.Sender;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The migration page's "From pooled promises". */
class FromPoolsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    /** Answers a question when the test says so, or before {@code ask} returns if the test said so before. */
    private static final class Service<R> {
        final Queue<R> asked = new ArrayDeque<>();
        Runnable onAsk = () -> {};

        void ask(String question, R reply) {
            assertThat(question).isNotEmpty();
            asked.add(reply);
            onAsk.run();
        }
    }

    private static final class Before {
        private final Service<BlockingQueue<String>> service = new Service<>();

        // tag::from-pool-before[]
        private final BlockingQueue<BlockingQueue<String>> pool = new ArrayBlockingQueue<>(16);

        String ask(String question, Duration timeout) throws InterruptedException, TimeoutException {
            BlockingQueue<String> reply = pool.take(); // an ArrayBlockingQueue with room for one answer
            try {
                service.ask(question, reply); // which calls reply.offer(answer)
                String answer = reply.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
                if (answer == null) {
                    throw new TimeoutException();
                }
                return answer;
            } finally {
                reply.clear();
                pool.add(reply);
            }
        }
        // end::from-pool-before[]
    }

    private static final class After {
        private final Service<Sender<String>> service = new Service<>();

        // tag::from-pool-after[]
        private final BlockingQueue<Receiver<String>> pool = new ArrayBlockingQueue<>(16);

        String ask(String question, Duration timeout) throws InterruptedException, TimeoutException {
            Receiver<String> receiver = pool.take();
            try {
                service.ask(question, receiver.sender()); // which calls send(answer)
                return receiver.receive(timeout);
            } finally {
                receiver.abandon(); // from now on a late answer reaches nobody
                pool.add(receiver);
            }
        }
        // end::from-pool-after[]
    }

    @Test
    void aPooledQueueGivesALateAnswerToItsNextUser() throws Exception {
        Before before = new Before();
        before.pool.add(new ArrayBlockingQueue<>(1));
        assertThatThrownBy(() -> before.ask("one", SHORT)).isInstanceOf(TimeoutException.class);
        BlockingQueue<String> late = before.service.asked.remove();
        before.service.onAsk = () -> late.offer("1");
        assertThat(before.ask("two", LONG)).as("the wrong answer").isEqualTo("1");
    }

    @Test
    void aPooledReceiverGivesEachQuestionItsOwnAnswer() throws Exception {
        aLateAnswerReachesNobody(new Receiver<>());
    }

    @Test
    void soDoesAPooledReceiverThatRecycles() throws Exception {
        aLateAnswerReachesNobody(Receiver.recycling());
    }

    private static void aLateAnswerReachesNobody(Receiver<String> receiver) throws Exception {
        After after = new After();
        after.pool.add(receiver);
        assertThatThrownBy(() -> after.ask("one", SHORT)).isInstanceOf(TimeoutException.class);
        Sender<String> late = after.service.asked.remove();
        after.service.onAsk = () -> {
            assertThat(late.send("1")).isFalse();
            after.service.asked.remove().send("2");
        };
        assertThat(after.ask("two", LONG)).isEqualTo("2");
        assertThat(after.pool).containsExactly(receiver);
    }
}
