package io.multishot.interop;

import static io.multishot.interop.Arrival.arrival;
import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A channel behind a Vert.x {@link Future}, on an event loop. */
class VertxTest {
    private static final int ROUNDS = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Service service = new Service();
    private final Receiver<String> receiver = new Receiver<>();
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();

    // tag::vertx[]
    Future<String> ask(String question) { // on the event loop
        receiver.abandon(); // gives up a round that is no longer awaited
        service.ask(question, receiver.sender());
        return Future.fromCompletionStage(receiver.receiveAsync(), context);
    }
    // end::vertx[]

    // tag::vertx-take[]
    Future<String> awaitAnswer(Duration timeout) { // on the event loop
        return Future.fromCompletionStage(arrival(receiver), context)
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .map(arrived -> receiver.take());
    }
    // end::vertx-take[]

    @AfterEach
    void close() {
        onEventLoop(() -> {
            receiver.close();
            return Future.succeededFuture();
        });
        await(vertx.close());
        service.close();
    }

    @Test
    void aValueArrivesOnTheEventLoop() {
        boolean onItsLoop = onEventLoop(() -> {
            Thread loop = Thread.currentThread();
            return ask("6 * 7").map(answer -> answer.equals("42") && Thread.currentThread() == loop);
        });
        assertThat(onItsLoop).isTrue();
    }

    @Test
    void withoutItsContextTheHandlerRunsOnTheThreadOfTheSender() {
        service.ask("why?", receiver.sender());
        Future<String> thread = Future.fromCompletionStage(receiver.receiveAsync())
                .map(answer -> Thread.currentThread().getName());
        assertThat(service.answerLate("because")).isTrue();
        assertThat(thread.result()).isEqualTo(Service.THREAD);
    }

    @Test
    void aFailureArrivesWithItsVeryCause() {
        Throwable seen = failureOf(() -> ask("1 / 0"));
        assertThat(seen).isSameAs(service.undefined);
    }

    @Test
    void aDropIsAFailure() {
        Throwable seen = failureOf(() -> ask("nobody knows"));
        assertThat(seen).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void aCancelledWaitLeavesTheValueInTheChannel() {
        Throwable seen = failureOf(() -> {
            service.ask("why?", receiver.sender());
            CompletableFuture<String> answer = receiver.receiveAsync();
            Future<String> future = Future.fromCompletionStage(answer, context);
            answer.cancel(false);
            return future;
        });
        assertThat(seen).isInstanceOf(CancellationException.class);
        assertThat(service.answerLate("because")).isTrue();
        String later = onEventLoop(() -> Future.fromCompletionStage(receiver.receiveAsync(), context));
        assertThat(later).isEqualTo("because");
    }

    @Test
    void aTimeoutDoesNotCancelTheFutureWhichThenReceivesTheValueForNobody() {
        Throwable seen = failureOf(() -> ask("why?").timeout(1, TimeUnit.MILLISECONDS));
        assertThat(seen).isInstanceOf(TimeoutException.class);
        assertThat(service.answerLate("because")).isTrue();
        seen = failureOf(() -> awaitAnswer(PATIENCE));
        assertThat(seen).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void aValueThatIsTakenAfterItsArrivalStaysAfterATimeout() {
        Throwable seen = failureOf(() -> {
            service.ask("why?", receiver.sender());
            return awaitAnswer(Duration.ofMillis(1));
        });
        assertThat(seen).isInstanceOf(TimeoutException.class);
        assertThat(service.answerLate("because")).isTrue();
        String next = onEventLoop(() -> awaitAnswer(PATIENCE));
        assertThat(next).isEqualTo("because");
    }

    @Test
    void aFailureOrADropThatIsTakenAfterItsArrivalIsAFailure() {
        Throwable seen = failureOf(() -> {
            service.ask("1 / 0", receiver.sender());
            return awaitAnswer(PATIENCE);
        });
        assertThat(seen).isInstanceOf(SenderFailedException.class).cause().isSameAs(service.undefined);
        seen = failureOf(() -> {
            service.ask("nobody knows", receiver.sender());
            return awaitAnswer(PATIENCE);
        });
        assertThat(seen).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void aValueIsTakenOnTheEventLoop() {
        boolean onItsLoop = onEventLoop(() -> {
            Thread loop = Thread.currentThread();
            service.ask("6 * 7", receiver.sender());
            return awaitAnswer(PATIENCE).map(answer -> answer.equals("42") && Thread.currentThread() == loop);
        });
        assertThat(onItsLoop).isTrue();
    }

    @Test
    void afterATimeoutTheNextQuestionAbandonsTheLastRound() {
        Throwable seen = failureOf(() -> ask("why?").timeout(1, TimeUnit.MILLISECONDS));
        assertThat(seen).isInstanceOf(TimeoutException.class);
        String next = onEventLoop(() -> ask("6 * 7"));
        assertThat(next).isEqualTo("42");
        assertThat(service.answerLate("because")).isFalse();
    }

    @Test
    void oneChannelServesEveryRound() {
        Promise<String> last = Promise.promise();
        context.runOnContext(nothing -> askAgain(ROUNDS, last));
        assertThat(await(last.future())).isEqualTo("42");
    }

    /** Asks in a turn of the loop for each round, because futures that are composed complete recursively. */
    private void askAgain(int times, Promise<String> last) {
        ask("6 * 7").onComplete(answer -> {
            if (times == 1 || answer.failed()) {
                last.handle(answer);
            } else {
                context.runOnContext(nothing -> askAgain(times - 1, last));
            }
        });
    }

    /** Runs work on the event loop that owns the receiver, and waits for its result. */
    private <T> T onEventLoop(Supplier<Future<T>> work) {
        Promise<T> result = Promise.promise();
        context.runOnContext(nothing -> work.get().onComplete(result));
        return await(result.future());
    }

    /** Does the same with work that fails, and returns the failure. */
    private Throwable failureOf(Supplier<Future<String>> work) {
        return onEventLoop(() -> work.get().<Throwable>map(AssertionError::new).otherwise(cause -> cause));
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
