package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.multishot.Poll;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A handler cannot run its own engine: it gets an exception, and its request is handled once nevertheless. It can close
 * its engine.
 */
@Timeout(60)
class ReentryTest {
    private static final int UNUSED_STREAM = 99;
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final EngineFixture fixture = new EngineFixture();
    private final Call<String> call = new Call<>();
    private final AtomicInteger handled = new AtomicInteger();
    private final CompletableFuture<Throwable> thrown = new CompletableFuture<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Makes the attempt for the first request only, so that the test ends even if the engine allows it. */
    private Handler<String, String> attempting(ThrowingCallable attempt) {
        return (request, sender) -> {
            if (handled.incrementAndGet() == 1) {
                thrown.complete(catchThrowable(attempt));
            }
            EngineFixture.echo(request, sender);
        };
    }

    private void assertRefusedInHandlerOf(Engine engine, ThrowingCallable attempt) throws Exception {
        try (Responder unused =
                        Responder.builder(engine, Codec.utf8(), Codec.utf8()).open(attempting(attempt));
                Requester<String, String> requester =
                        Requester.builder(engine, Codec.utf8(), Codec.utf8()).open()) {
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
            assertThat(call.ask(requester, "around")).isEqualTo(SendResult.ACCEPTED);
            while (call.receiver().poll(() -> {}) == Poll.PENDING) {
                workIfInvoked(engine);
            }
            assertThat(call.receiver().take()).isEqualTo("around");
        }
        assertThat(thrown.join()).isInstanceOf(IllegalStateException.class);
        assertThat(handled).hasValue(1);
    }

    @Test
    void aHandlerCannotCallWork() throws Exception {
        try (Engine invoked = Engine.invoked(fixture.engine.aeron())) {
            assertRefusedInHandlerOf(invoked, invoked::work);
        }
    }

    @Test
    void anotherThreadCannotCallWorkDuringAHandler() throws Exception {
        try (Engine invoked = Engine.invoked(fixture.engine.aeron())) {
            assertRefusedInHandlerOf(invoked, () -> {
                Throwable seen = CompletableFuture.supplyAsync(() -> catchThrowable(invoked::work))
                        .join();
                if (seen != null) {
                    throw seen;
                }
            });
        }
    }

    @Test
    void aHandlerOfAnInvokedEngineCannotWaitForAResponder() throws Exception {
        try (Engine invoked = Engine.invoked(fixture.engine.aeron());
                Requester<String, String> alone = Requester.builder(invoked, Codec.utf8(), Codec.utf8()).stream(
                                UNUSED_STREAM)
                        .open()) {
            assertRefusedInHandlerOf(invoked, () -> alone.awaitConnected(A_SECOND));
        }
    }

    @Test
    void aHandlerOfAnEngineWithAThreadCannotWaitForAResponder() throws Exception {
        try (Requester<String, String> alone =
                fixture.requester().stream(UNUSED_STREAM).open()) {
            assertRefusedInHandlerOf(fixture.engine, () -> alone.awaitConnected(A_SECOND));
        }
    }

    @Test
    void aHandlerOfAnInvokedEngineCanCloseIt() throws Exception {
        assertCanBeClosedByHandler(Engine.invoked(fixture.engine.aeron()));
    }

    @Test
    void aHandlerOfAnEngineWithAThreadCanCloseIt() throws Exception {
        assertCanBeClosedByHandler(Engine.of(fixture.engine.aeron()));
    }

    private void assertCanBeClosedByHandler(Engine engine) throws Exception {
        Responder unused = Responder.builder(engine, Codec.utf8(), Codec.utf8()).open((request, sender) -> {
            engine.close();
            assertThat(engine.isUsable()).isFalse();
            EngineFixture.echo(request, sender); // nothing is released before the cycle ends
        });
        Requester<String, String> requester = fixture.requester().open();
        while (!requester.isConnected()) {
            workIfInvoked(engine);
        }
        assertThat(call.ask(requester, "the last one")).isEqualTo(SendResult.ACCEPTED);
        while (engine.isUsable()) {
            workIfInvoked(engine);
        }
        engine.close();
        assertThat(call.receive(TIMEOUT)).isEqualTo("the last one");
        await().until(() -> !requester.isConnected());
    }

    private static void workIfInvoked(Engine engine) {
        if (engine.isInvoked()) {
            int done = engine.work();
            assertThat(done).isNotNegative();
        }
    }
}
