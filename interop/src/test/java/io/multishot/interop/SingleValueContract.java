package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a reactive library with a type for a single value makes of a channel. */
abstract class SingleValueContract {
    private static final int ROUNDS = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    final Service service = new Service();
    final Receiver<String> receiver = new Receiver<>();
    final HeldExecutor executor = new HeldExecutor();

    /** Asks, and subscribes to the answer. Cancelling the future cancels the subscription. */
    abstract CompletableFuture<String> subscribe(String question);

    /** Does the same with a timeout of the library, of one millisecond. */
    abstract CompletableFuture<String> subscribeForAMillisecond(String question);

    /** Asks one question after another with the retry operator of the library, until one has a value. */
    abstract CompletableFuture<String> retry(Queue<String> questions);

    /** Asks a question so many times with the repeat operator of the library. */
    abstract CompletableFuture<List<String>> repeat(String question, int times);

    /**
     * Subscribes to the future of the receiver, and moves its result to the executor with an operator of the library.
     */
    abstract CompletableFuture<String> subscribeThroughFuture();

    /** Subscribes to the answer, which is taken on the executor. */
    abstract CompletableFuture<String> subscribeToAnswer(Duration timeout);

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
    void aValueThatAFutureHasReceivedIsLostIfTheSubscriptionIsCancelledBeforeItsTurn() {
        Sender<String> sender = receiver.sender();
        CompletableFuture<String> answer = subscribeThroughFuture();
        assertThat(sender.send("42")).isTrue();
        assertThat(executor.holds()).isTrue();
        answer.cancel(true);
        executor.run();
        assertThatThrownBy(receiver::tryReceive).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void aValueThatIsTakenOnTheExecutorStaysIfTheSubscriptionIsCancelledBeforeItsTurn() {
        Sender<String> sender = receiver.sender();
        CompletableFuture<String> cancelled = subscribeToAnswer(PATIENCE);
        assertThat(sender.send("42")).isTrue();
        assertThat(executor.holds()).isTrue();
        cancelled.cancel(true);
        executor.run();
        CompletableFuture<String> next = subscribeToAnswer(PATIENCE);
        executor.run();
        assertThat(next).isCompletedWithValue("42");
    }

    @Test
    void aValueThatIsTakenOnTheExecutorStaysAfterATimeout() throws InterruptedException {
        Sender<String> sender = receiver.sender();
        CompletableFuture<String> late = subscribeToAnswer(Duration.ofMillis(1));
        executor.runUntilDone(late);
        assertThat(failureOf(late).getClass().getSimpleName()).isEqualTo("TimeoutException");
        CompletableFuture<String> next = subscribeToAnswer(PATIENCE);
        assertThat(sender.send("42")).isTrue();
        executor.run();
        assertThat(next).isCompletedWithValue("42");
    }

    @Test
    void aValueThatIsTakenOnTheExecutorArrivesInEveryRound() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            service.ask("6 * 7", receiver.sender());
            CompletableFuture<String> answer = subscribeToAnswer(PATIENCE);
            executor.runUntilDone(answer);
            assertThat(answer).isCompletedWithValue("42");
        }
    }

    @Test
    void aFailureOrADropThatIsTakenOnTheExecutorIsAnError() {
        Sender<String> failing = receiver.sender();
        CompletableFuture<String> failed = subscribeToAnswer(PATIENCE);
        failing.fail(service.undefined);
        executor.run();
        assertThat(failureOf(failed))
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isSameAs(service.undefined);
        Sender<String> dropping = receiver.sender();
        CompletableFuture<String> dropped = subscribeToAnswer(PATIENCE);
        dropping.drop();
        executor.run();
        assertThat(failureOf(dropped)).isInstanceOf(SenderDroppedException.class);
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
