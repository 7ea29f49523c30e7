package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.SenderDroppedException;
import io.reactivex.rxjava3.core.Single;
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
            receiver.abandon(); // a round that nobody waits for any more
            service.ask(question, receiver.sender());
            return answer();
        });
    }

    Single<String> answer() {
        return Single.using(receiver::receiveAsync, Single::fromCompletionStage, answer -> answer.cancel(false), false);
    }
    // end::rxjava[]

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

    @Test
    void withoutUsingADisposedSubscriptionLosesTheValue() {
        service.ask("why?", receiver.sender());
        Single.fromCompletionStage(receiver.receiveAsync()).test().dispose();
        assertThat(service.answerLate("because")).isTrue();
        assertThatThrownBy(() -> answer().blockingGet()).isInstanceOf(SenderDroppedException.class);
    }
}
