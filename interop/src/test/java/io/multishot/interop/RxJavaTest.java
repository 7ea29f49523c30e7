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
    void a_value_arrives() {
        assertThat(ask("6 * 7").blockingGet()).isEqualTo("42");
    }

    @Test
    void a_failure_arrives_with_its_very_cause() {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        ask("1 / 0").subscribe(value -> {}, seen::complete);
        assertThat(seen.join()).isSameAs(service.undefined);
    }

    @Test
    void a_drop_is_an_error() {
        assertThatThrownBy(() -> ask("nobody knows").blockingGet()).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void what_follows_runs_on_the_senders_thread() {
        CompletableFuture<String> thread = new CompletableFuture<>();
        ask("why?").subscribe(value -> thread.complete(Thread.currentThread().getName()));
        assertThat(service.answerLate("because")).isTrue();
        assertThat(thread).isCompletedWithValue(Service.THREAD);
    }

    @Test
    void a_disposed_subscription_leaves_the_value_in_the_channel() {
        TestObserver<String> observer = ask("why?").test();
        observer.dispose();
        assertThat(service.answerLate("because")).isTrue();
        observer.assertNoValues().assertNoErrors();
        assertThat(answer().blockingGet()).isEqualTo("because");
    }

    @Test
    void without_using_the_answer_is_thrown_away() {
        service.ask("why?", receiver.sender());
        Single.fromCompletionStage(receiver.receiveAsync()).test().dispose();
        assertThat(service.answerLate("because")).isTrue();
        assertThatThrownBy(() -> answer().blockingGet()).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void after_a_timeout_the_next_question_gives_the_last_round_up() {
        assertThatThrownBy(() -> ask("why?").timeout(1, TimeUnit.MILLISECONDS).blockingGet())
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(ask("6 * 7").blockingGet()).isEqualTo("42");
        assertThat(service.answerLate("because")).isFalse();
    }

    @Test
    void a_retry_is_the_next_round() {
        Deque<String> questions = new ArrayDeque<>(List.of("1 / 0", "nobody knows", "6 * 7"));
        assertThat(Single.defer(() -> ask(questions.remove())).retry(2).blockingGet())
                .isEqualTo("42");
    }

    @Test
    void one_channel_serves_every_round() {
        assertThat(ask("6 * 7").repeat(ROUNDS).toList().blockingGet())
                .hasSize(ROUNDS)
                .containsOnly("42");
    }
}
