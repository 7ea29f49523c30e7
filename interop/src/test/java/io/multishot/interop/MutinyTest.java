package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A channel behind a Mutiny {@link Uni}. */
class MutinyTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int ROUNDS = 1000;

    private final Service service = new Service();
    private final Receiver<String> receiver = new Receiver<>();

    // tag::mutiny[]
    Uni<String> ask(String question) {
        return Uni.createFrom().deferred(() -> {
            receiver.abandon(); // a round that nobody waits for any more
            service.ask(question, receiver.sender());
            return Uni.createFrom().completionStage(receiver::receiveAsync);
        });
    }
    // end::mutiny[]

    @AfterEach
    void close() {
        receiver.close();
        service.close();
    }

    @Test
    void aValueArrives() {
        assertThat(ask("6 * 7").await().atMost(PATIENCE)).isEqualTo("42");
    }

    @Test
    void aFailureArrivesWithItsVeryCause() {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        ask("1 / 0").subscribe().with(value -> {}, seen::complete);
        assertThat(seen.join()).isSameAs(service.undefined);
    }

    @Test
    void aDropIsAnError() {
        assertThatThrownBy(() -> ask("nobody knows").await().atMost(PATIENCE))
                .isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void whatFollowsRunsOnTheSendersThread() {
        CompletableFuture<String> thread = new CompletableFuture<>();
        ask("why?")
                .subscribe()
                .with(value -> thread.complete(Thread.currentThread().getName()));
        assertThat(service.answerLate("because")).isTrue();
        assertThat(thread).isCompletedWithValue(Service.THREAD);
    }

    @Test
    void aCancelledSubscriptionLeavesTheValueInTheChannel() {
        Cancellable subscription = ask("why?").subscribe().with(value -> {
            throw new AssertionError("nobody listens");
        });
        subscription.cancel();
        assertThat(service.answerLate("because")).isTrue();
        Uni<String> answer = Uni.createFrom().completionStage(receiver::receiveAsync);
        assertThat(answer.await().atMost(PATIENCE)).isEqualTo("because");
    }

    @Test
    void afterATimeoutTheNextQuestionGivesTheLastRoundUp() {
        Uni<String> impatient =
                ask("why?").ifNoItem().after(Duration.ofMillis(1)).fail();
        assertThatThrownBy(() -> impatient.await().atMost(PATIENCE)).isInstanceOf(TimeoutException.class);
        assertThat(ask("6 * 7").await().atMost(PATIENCE)).isEqualTo("42");
        assertThat(service.answerLate("because")).isFalse();
    }

    @Test
    void aRetryIsTheNextRound() {
        Deque<String> questions = new ArrayDeque<>(List.of("1 / 0", "nobody knows", "6 * 7"));
        Uni<String> persistent = Uni.createFrom()
                .deferred(() -> ask(questions.remove()))
                .onFailure()
                .retry()
                .atMost(2);
        assertThat(persistent.await().atMost(PATIENCE)).isEqualTo("42");
    }

    @Test
    void oneChannelServesEveryRound() {
        List<String> answers =
                ask("6 * 7").repeat().atMost(ROUNDS).collect().asList().await().atMost(PATIENCE);
        assertThat(answers).hasSize(ROUNDS).containsOnly("42");
    }
}
