package io.multishot.interop;

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
            receiver.abandon(); // a round that nobody waits for any more
            service.ask(question, receiver.sender());
            return Uni.createFrom().completionStage(receiver::receiveAsync);
        });
    }
    // end::mutiny[]

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
}
