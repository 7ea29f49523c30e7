package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.observers.TestObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A channel behind an RxJava {@link Single}. */
class RxJavaTest {
    private static final int ROUNDS = 1000;

    private final Service service = new Service();
    private final Receiver<String> receiver = new Receiver<>();

    // tag::rxjava[]
    Single<String> ask(String question) {
        return Single.defer(() -> {
            receiver.abandon(); // a round that nobody waits for any more
            service.ask(question, receiver.sender());
            return answer();
        });
    }

    Single<String> answer() {
        return Single.using(receiver::receiveAsync, Single::fromCompletionStage, answer -> answer.cancel(false), false);
    }
    // end::rxjava[]

    @AfterEach
    void close() {
        receiver.close();
        service.close();
    }

    @Test
    void aValueArrives() {
        assertThat(ask("6 * 7").blockingGet()).isEqualTo("42");
    }

    @Test
    void aFailureArrivesWithItsVeryCause() {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        ask("1 / 0").subscribe(value -> {}, seen::complete);
        assertThat(seen.join()).isSameAs(service.undefined);
    }

    @Test
    void aDropIsAnError() {
        assertThatThrownBy(() -> ask("nobody knows").blockingGet()).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void whatFollowsRunsOnTheSendersThread() {
        CompletableFuture<String> thread = new CompletableFuture<>();
        ask("why?").subscribe(value -> thread.complete(Thread.currentThread().getName()));
        assertThat(service.answerLate("because")).isTrue();
        assertThat(thread).isCompletedWithValue(Service.THREAD);
    }

    @Test
    void aDisposedSubscriptionLeavesTheValueInTheChannel() {
        TestObserver<String> observer = ask("why?").test();
        observer.dispose();
        assertThat(service.answerLate("because")).isTrue();
        observer.assertNoValues().assertNoErrors();
        assertThat(answer().blockingGet()).isEqualTo("because");
    }

    @Test
    void withoutUsingTheAnswerIsThrownAway() {
        service.ask("why?", receiver.sender());
        Single.fromCompletionStage(receiver.receiveAsync()).test().dispose();
        assertThat(service.answerLate("because")).isTrue();
        assertThatThrownBy(() -> answer().blockingGet()).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void afterATimeoutTheNextQuestionGivesTheLastRoundUp() {
        assertThatThrownBy(() -> ask("why?").timeout(1, TimeUnit.MILLISECONDS).blockingGet())
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(ask("6 * 7").blockingGet()).isEqualTo("42");
        assertThat(service.answerLate("because")).isFalse();
    }

    @Test
    void aRetryIsTheNextRound() {
        Deque<String> questions = new ArrayDeque<>(List.of("1 / 0", "nobody knows", "6 * 7"));
        assertThat(Single.defer(() -> ask(questions.remove())).retry(2).blockingGet())
                .isEqualTo("42");
    }

    @Test
    void oneChannelServesEveryRound() {
        assertThat(ask("6 * 7").repeat(ROUNDS).toList().blockingGet())
                .hasSize(ROUNDS)
                .containsOnly("42");
    }
}
