package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.multishot.Poll;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A handler that wants its own engine to work is told that it cannot, and its request is handled once all the same. */
@Timeout(60)
class ReentryTest {
    private static final int NOBODYS_STREAM = 99;
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final EngineFixture fixture = new EngineFixture();
    private final Call<String> call = new Call<>();
    private final AtomicInteger handled = new AtomicInteger();
    private final CompletableFuture<Throwable> thrown = new CompletableFuture<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** The first time only, so that this ends where the engine lets it. */
    private Handler<String, String> trying(ThrowingCallable attempt) {
        return (request, sender) -> {
            if (handled.incrementAndGet() == 1) {
                thrown.complete(catchThrowable(attempt));
            }
            EngineFixture.echo(request, sender);
        };
    }

    private void isRefusedInTheHandlerOf(Engine engine, ThrowingCallable attempt) throws Exception {
        try (Responder unused =
                        Responder.builder(engine, Codec.utf8(), Codec.utf8()).open(trying(attempt));
                Requester<String, String> requester =
                        Requester.builder(engine, Codec.utf8(), Codec.utf8()).open()) {
            assertThat(requester.awaitConnected(PATIENCE)).isTrue();
            assertThat(call.ask(requester, "around")).isEqualTo(SendResult.ACCEPTED);
            while (call.receiver().poll(() -> {}) == Poll.PENDING) {
                if (engine.isInvoked()) {
                    int done = engine.work();
                    assertThat(done).isNotNegative();
                }
            }
            assertThat(call.receiver().take()).isEqualTo("around");
        }
        assertThat(thrown.join()).isInstanceOf(IllegalStateException.class);
        assertThat(handled).hasValue(1);
    }

    @Test
    void aHandlerCannotLetItsEngineWork() throws Exception {
        try (Engine invoked = Engine.invoked(fixture.engine.aeron())) {
            isRefusedInTheHandlerOf(invoked, invoked::work);
        }
    }

    @Test
    void norCanAnotherThreadMeanwhile() throws Exception {
        try (Engine invoked = Engine.invoked(fixture.engine.aeron())) {
            isRefusedInTheHandlerOf(invoked, () -> {
                Throwable seen = CompletableFuture.supplyAsync(() -> catchThrowable(invoked::work))
                        .join();
                if (seen != null) {
                    throw seen;
                }
            });
        }
    }

    @Test
    void norCanItWaitThereForAResponder() throws Exception {
        try (Engine invoked = Engine.invoked(fixture.engine.aeron());
                Requester<String, String> alone = Requester.builder(invoked, Codec.utf8(), Codec.utf8()).stream(
                                NOBODYS_STREAM)
                        .open()) {
            isRefusedInTheHandlerOf(invoked, () -> alone.awaitConnected(A_SECOND));
        }
    }

    @Test
    void norOnTheThreadOfAnEngineThatHasOne() throws Exception {
        try (Requester<String, String> alone =
                fixture.requester().stream(NOBODYS_STREAM).open()) {
            isRefusedInTheHandlerOf(fixture.engine, () -> alone.awaitConnected(A_SECOND));
        }
    }
}
