package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A channel behind a Reactor {@link Mono}. */
class ReactorTest extends SingleValueContract {
    // tag::reactor[]
    Mono<String> ask(String question) {
        return Mono.defer(() -> {
            receiver.abandon(); // a round that nobody waits for any more
            service.ask(question, receiver.sender());
            return Mono.fromFuture(receiver::receiveAsync);
        });
    }
    // end::reactor[]

    @Override
    CompletableFuture<String> subscribe(String question) {
        return ask(question).toFuture();
    }

    @Override
    CompletableFuture<String> subscribeForAMillisecond(String question) {
        return ask(question).timeout(Duration.ofMillis(1)).toFuture();
    }

    @Override
    CompletableFuture<String> retry(Queue<String> questions) {
        return Mono.defer(() -> ask(questions.remove())).retry(questions.size()).toFuture();
    }

    @Override
    CompletableFuture<List<String>> repeat(String question, int times) {
        return ask(question).repeat(times - 1).collectList().toFuture();
    }

    @Test
    void aThreadThatBlocksGetsTheVeryCause() {
        assertThatThrownBy(() -> ask("1 / 0").block(Duration.ofMinutes(1))).isSameAs(service.undefined);
    }
}
