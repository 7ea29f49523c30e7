package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.ReceiveException;
import io.multishot.Receiver;
import io.multishot.Receivers;
import io.multishot.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The guide's "Hedged requests" and "Scatter and gather". */
class SeveralReceiversTest {
    private final ExecutorService workers = Executors.newFixedThreadPool(2);

    /** Sends a value, fails, or never answers. */
    private interface Server {
        void ask(String question, Sender<String> sender);
    }

    private final Server quick = (question, sender) -> workers.execute(() -> sender.send("answer to " + question));
    private final Server broken =
            (question, sender) -> workers.execute(() -> sender.fail(new IllegalStateException("out of order")));
    private final Server dropping = (question, sender) -> workers.execute(sender::drop);
    private final List<Sender<String>> unanswered = new ArrayList<>();
    private final Server silent = (question, sender) -> unanswered.add(sender);

    @AfterEach
    void stop() {
        workers.shutdownNow();
    }

    // tag::hedged[]
    private final Receiver<String> first = new Receiver<>();
    private final Receiver<String> second = new Receiver<>();
    private final List<Receiver<String>> both = List.of(first, second);

    String hedged(Server usual, Server other, String question) throws InterruptedException {
        usual.ask(question, first.sender());
        try {
            try {
                Receivers.awaitAll(List.of(first), Duration.ofMillis(10));
            } catch (TimeoutException late) {
                other.ask(question, second.sender()); // a second try; the first reply wins
            }
            return both.get(Receivers.awaitAny(both)).take();
        } finally {
            both.forEach(Receiver::abandon); // the loser's answer will reach nobody
        }
    }
    // end::hedged[]

    @Test
    void theFirstReplyIsTaken() throws InterruptedException {
        assertThat(hedged(quick, silent, "1")).isEqualTo("answer to 1");
        assertThat(hedged(silent, quick, "2")).isEqualTo("answer to 2");
        assertThat(unanswered).isNotEmpty().allMatch(Sender::isAbandoned);
        assertThatThrownBy(() -> hedged(broken, silent, "3")).isInstanceOf(ReceiveException.class);
        assertThat(hedged(silent, quick, "4")).isEqualTo("answer to 4");
    }

    // tag::gather[]
    List<String> gather(List<Server> servers, List<Receiver<String>> receivers, String question, Duration timeout)
            throws InterruptedException {
        for (int i = 0; i < servers.size(); i++) {
            servers.get(i).ask(question, receivers.get(i).sender());
        }
        try {
            Receivers.awaitAll(receivers, timeout);
        } catch (TimeoutException late) {
            // then with those who have answered
        }
        List<String> answers = new ArrayList<>();
        for (Receiver<String> receiver : receivers) {
            try {
                String answer = receiver.tryReceive();
                answers.add(answer == null ? "late" : answer);
            } catch (ReceiveException failedOrDropped) {
                answers.add("failed");
            }
            receiver.abandon(); // does nothing if the round is over
        }
        return answers;
    }
    // end::gather[]

    @Test
    void repliesInTimeAreGathered() throws InterruptedException {
        List<Receiver<String>> receivers =
                Stream.generate(() -> new Receiver<String>()).limit(3).toList();
        assertThat(gather(List.of(quick, broken, quick), receivers, "1", Duration.ofMinutes(1)))
                .containsExactly("answer to 1", "failed", "answer to 1");
        assertThat(gather(List.of(silent, silent, silent), receivers, "2", Duration.ofMillis(1)))
                .containsExactly("late", "late", "late");
        assertThat(gather(List.of(broken, quick, dropping), receivers, "3", Duration.ofMinutes(1)))
                .containsExactly("failed", "answer to 3", "failed");
    }
}
