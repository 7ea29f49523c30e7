package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** A channel behind a Reactor {@link Mono}. */
class ReactorTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int ROUNDS = 1000;

    private final Service service = new Service();
    private final Receiver<String> receiver = new Receiver<>();

    // tag::reactor[]
    Mono<String> ask(String question) {
        return Mono.defer(() -> {
            receiver.abandon(); // a round that nobody waits for any more
            service.ask(question, receiver.sender());
            return Mono.fromFuture(receiver::receiveAsync);
        });
    }
    // end::reactor[]

    @AfterEach
    void close() {
        receiver.close();
        service.close();
    }

    @Test
    void aValueArrives() {
        assertThat(ask("6 * 7").block(PATIENCE)).isEqualTo("42");
    }

    @Test
    void aFailureArrivesWithItsVeryCause() {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        ask("1 / 0").subscribe(value -> {}, seen::complete);
        assertThat(seen.join()).isSameAs(service.undefined);
        assertThatThrownBy(() -> ask("1 / 0").block(PATIENCE)).isSameAs(service.undefined);
    }

    @Test
    void aDropIsAnError() {
        assertThatThrownBy(() -> ask("nobody knows").block(PATIENCE)).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void whatFollowsRunsOnTheSendersThread() {
        CompletableFuture<String> thread = new CompletableFuture<>();
        ask("why?").subscribe(value -> thread.complete(Thread.currentThread().getName()));
        assertThat(service.answerLate("because")).isTrue();
        assertThat(thread).isCompletedWithValue(Service.THREAD);
    }

    @Test
    void aCancelledSubscriptionLeavesTheValueInTheChannel() {
        Disposable subscription = ask("why?").subscribe(value -> {
            throw new AssertionError("nobody listens");
        });
        subscription.dispose();
        assertThat(service.answerLate("because")).isTrue();
        assertThat(Mono.fromFuture(receiver::receiveAsync).block(PATIENCE)).isEqualTo("because");
    }

    @Test
    void afterATimeoutTheNextQuestionGivesTheLastRoundUp() {
        assertThatThrownBy(() -> ask("why?").timeout(Duration.ofMillis(1)).block(PATIENCE))
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(ask("6 * 7").block(PATIENCE)).isEqualTo("42");
        assertThat(service.answerLate("because")).isFalse();
    }

    @Test
    void aRetryIsTheNextRound() {
        Deque<String> questions = new ArrayDeque<>(List.of("1 / 0", "nobody knows", "6 * 7"));
        assertThat(Mono.defer(() -> ask(questions.remove())).retry(2).block(PATIENCE))
                .isEqualTo("42");
    }

    @Test
    void oneChannelServesEveryRound() {
        assertThat(ask("6 * 7").repeat(ROUNDS - 1).collectList().block(PATIENCE))
                .hasSize(ROUNDS)
                .containsOnly("42");
    }
}
