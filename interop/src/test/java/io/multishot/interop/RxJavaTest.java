package io.multishot.interop;

import static io.multishot.interop.Arrival.arrival;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.SenderDroppedException;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A channel behind an RxJava {@link Single}. */
class RxJavaTest extends SingleValueContract {
    // tag::rxjava[]
    Single<String> ask(String question) {
        return Single.defer(() -> {
            receiver.abandon(); // gives up a round that is no longer awaited
            service.ask(question, receiver.sender());
            return answer();
        });
    }

    Single<String> answer() {
        return Single.using(receiver::receiveAsync, Single::fromCompletionStage, answer -> answer.cancel(false), false);
    }
    // end::rxjava[]

    private final Scheduler scheduler = Schedulers.from(executor);

    // tag::rxjava-take[]
    Single<String> awaitAnswer(Duration timeout) {
        return Completable.defer(() -> Completable.fromCompletionStage(arrival(receiver)))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .observeOn(scheduler)
                .andThen(Single.fromCallable(receiver::take));
    }
    // end::rxjava-take[]

    private static <T> CompletableFuture<T> future(Single<T> single) {
        return single.toCompletionStage().toCompletableFuture();
    }

    @Override
    CompletableFuture<String> subscribe(String question) {
        return future(ask(question));
    }

    @Override
    CompletableFuture<String> subscribeForAMillisecond(String question) {
        return future(ask(question).timeout(1, TimeUnit.MILLISECONDS));
    }

    @Override
    CompletableFuture<String> retry(Queue<String> questions) {
        return future(Single.defer(() -> ask(questions.remove())).retry(questions.size()));
    }

    @Override
    CompletableFuture<List<String>> repeat(String question, int times) {
        return future(ask(question).repeat(times).toList());
    }

    @Override
    CompletableFuture<String> subscribeThroughFuture() {
        return future(answer().observeOn(scheduler));
    }

    @Override
    CompletableFuture<String> subscribeToAnswer(Duration timeout) {
        return future(awaitAnswer(timeout));
    }

    @Test
    void withoutUsingADisposedSubscriptionLosesTheValue() {
        service.ask("why?", receiver.sender());
        Single.fromCompletionStage(receiver.receiveAsync()).test().dispose();
        assertThat(service.answerLate("because")).isTrue();
        assertThatThrownBy(() -> answer().blockingGet()).isInstanceOf(SenderDroppedException.class);
    }
}
