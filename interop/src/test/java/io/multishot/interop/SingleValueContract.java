package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a reactive library with a type for a single value makes of a channel. */
abstract class SingleValueContract {
    private static final int ROUNDS = 1000;

    final Service service = new Service();
    final Receiver<String> receiver = new Receiver<>();

    /** Asks, and subscribes to the answer. Cancelling the future cancels the subscription. */
    abstract CompletableFuture<String> subscribe(String question);

    /** Does the same with a timeout of the library, of one millisecond. */
    abstract CompletableFuture<String> subscribeForAMillisecond(String question);

    /** Asks one question after another with the retry operator of the library, until one has a value. */
    abstract CompletableFuture<String> retry(Queue<String> questions);

    /** Asks a question so many times with the repeat operator of the library. */
    abstract CompletableFuture<List<String>> repeat(String question, int times);

    @AfterEach
    void close() {
        receiver.close();
        service.close();
    }

    private static Throwable failureOf(CompletableFuture<String> answer) {
        return answer.<Throwable>handle((value, failure) -> failure).join();
    }

    @Test
    void aValueArrives() {
        assertThat(subscribe("6 * 7").join()).isEqualTo("42");
    }

    @Test
    void aFailureArrivesWithItsVeryCause() {
        assertThat(failureOf(subscribe("1 / 0"))).isSameAs(service.undefined);
    }

    @Test
    void aDropIsAnError() {
        assertThat(failureOf(subscribe("nobody knows"))).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void theSubscriberIsCalledOnTheThreadOfTheSender() {
        CompletableFuture<String> thread =
                subscribe("why?").thenApply(answer -> Thread.currentThread().getName());
        assertThat(service.answerLate("because")).isTrue();
        assertThat(thread).isCompletedWithValue(Service.THREAD);
    }

    @Test
    void aCancelledSubscriptionLeavesTheValueInTheChannel() throws InterruptedException {
        subscribe("why?").cancel(true);
        assertThat(service.answerLate("because")).isTrue();
        assertThat(receiver.receive()).isEqualTo("because");
    }

    @Test
    void afterATimeoutTheNextQuestionAbandonsTheLastRound() {
        assertThat(failureOf(subscribeForAMillisecond("why?")).getClass().getSimpleName())
                .isEqualTo("TimeoutException");
        assertThat(subscribe("6 * 7").join()).isEqualTo("42");
        assertThat(service.answerLate("because")).isFalse();
    }

    @Test
    void aRetryIsTheNextRound() {
        Queue<String> questions = new ArrayDeque<>(List.of("1 / 0", "nobody knows", "6 * 7"));
        assertThat(retry(questions).join()).isEqualTo("42");
        assertThat(questions).isEmpty();
    }

    @Test
    void oneChannelServesEveryRound() {
        assertThat(repeat("6 * 7", ROUNDS).join()).hasSize(ROUNDS).containsOnly("42");
    }
}
