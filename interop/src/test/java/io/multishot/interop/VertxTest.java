package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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

    private final Service service = new Service();
    private final Receiver<String> receiver = new Receiver<>();
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();

    // tag::vertx[]
    Future<String> ask(String question) { // on the event loop
        receiver.abandon(); // a round that nobody waits for any more
        service.ask(question, receiver.sender());
        return Future.fromCompletionStage(receiver.receiveAsync(), context);
    }
    // end::vertx[]

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
        Throwable seen =
                onEventLoop(() -> ask("1 / 0").<Throwable>map(value -> null).otherwise(cause -> cause));
        assertThat(seen).isSameAs(service.undefined);
    }

    @Test
    void aDropIsAFailure() {
        Throwable seen = onEventLoop(
                () -> ask("nobody knows").<Throwable>map(value -> null).otherwise(cause -> cause));
        assertThat(seen).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void aCancelledWaitLeavesTheValueInTheChannel() {
        Throwable seen = onEventLoop(() -> {
            service.ask("why?", receiver.sender());
            CompletableFuture<String> answer = receiver.receiveAsync();
            Future<String> future = Future.fromCompletionStage(answer, context);
            answer.cancel(false);
            return future.<Throwable>map(value -> null).otherwise(cause -> cause);
        });
        assertThat(seen).isInstanceOf(CancellationException.class);
        assertThat(service.answerLate("because")).isTrue();
        String later = onEventLoop(() -> Future.fromCompletionStage(receiver.receiveAsync(), context));
        assertThat(later).isEqualTo("because");
    }

    @Test
    void afterATimeoutTheNextQuestionAbandonsTheLastRound() {
        Throwable seen = onEventLoop(() -> ask("why?")
                .timeout(1, TimeUnit.MILLISECONDS)
                .<Throwable>map(value -> null)
                .otherwise(cause -> cause));
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

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
