package io.multishot.interop;

import static io.multishot.interop.Arrival.arrival;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** A channel behind a Mutiny {@link Uni}. */
class MutinyTest extends SingleValueContract {
    // tag::mutiny[]
    Uni<String> ask(String question) {
        return Uni.createFrom().deferred(() -> {
            receiver.abandon(); // gives up a round that is no longer awaited
            service.ask(question, receiver.sender());
            return Uni.createFrom().completionStage(receiver::receiveAsync);
        });
    }
    // end::mutiny[]

    // tag::mutiny-take[]
    Uni<String> awaitAnswer(Duration timeout) {
        return Uni.createFrom()
                .completionStage(() -> arrival(receiver))
                .ifNoItem()
                .after(timeout)
                .fail()
                .emitOn(executor)
                .map(arrived -> receiver.take());
    }
    // end::mutiny-take[]

    @Override
    CompletableFuture<String> subscribe(String question) {
        return ask(question).subscribeAsCompletionStage();
    }

    @Override
    CompletableFuture<String> subscribeForAMillisecond(String question) {
        return ask(question).ifNoItem().after(Duration.ofMillis(1)).fail().subscribeAsCompletionStage();
    }

    @Override
    CompletableFuture<String> retry(Queue<String> questions) {
        return Uni.createFrom()
                .deferred(() -> ask(questions.remove()))
                .onFailure()
                .retry()
                .atMost(questions.size())
                .subscribeAsCompletionStage();
    }

    @Override
    CompletableFuture<List<String>> repeat(String question, int times) {
        return ask(question).repeat().atMost(times).collect().asList().subscribeAsCompletionStage();
    }

    @Override
    CompletableFuture<String> subscribeThroughFuture() {
        return Uni.createFrom()
                .completionStage(receiver::receiveAsync)
                .emitOn(executor)
                .subscribeAsCompletionStage();
    }

    @Override
    CompletableFuture<String> subscribeToAnswer(Duration timeout) {
        return awaitAnswer(timeout).subscribeAsCompletionStage();
    }
}
