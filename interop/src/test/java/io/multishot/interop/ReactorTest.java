package io.multishot.interop;

import static io.multishot.interop.Arrival.arrival;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A channel behind a Reactor {@link Mono}. */
class ReactorTest extends SingleValueContract {
    // tag::reactor[]
    Mono<String> ask(String question) {
        return Mono.defer(() -> {
            receiver.abandon(); // gives up a round that is no longer awaited
            service.ask(question, receiver.sender());
            return Mono.fromFuture(receiver::receiveAsync);
        });
    }
    // end::reactor[]

    private final Scheduler scheduler = Schedulers.fromExecutor(executor);

    // tag::reactor-take[]
    Mono<String> awaitAnswer(Duration timeout) {
        return Mono.fromFuture(() -> arrival(receiver))
                .timeout(timeout)
                .publishOn(scheduler)
                .then(Mono.fromCallable(receiver::take));
    }
    // end::reactor-take[]

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

    @Override
    CompletableFuture<String> subscribeThroughFuture() {
        return Mono.fromFuture(receiver::receiveAsync).publishOn(scheduler).toFuture();
    }

    @Override
    CompletableFuture<String> subscribeToAnswer(Duration timeout) {
        return awaitAnswer(timeout).toFuture();
    }

    @Test
    void aThreadThatBlocksGetsTheVeryCause() {
        assertThatThrownBy(() -> ask("1 / 0").block(Duration.ofMinutes(1))).isSameAs(service.undefined);
    }
}
