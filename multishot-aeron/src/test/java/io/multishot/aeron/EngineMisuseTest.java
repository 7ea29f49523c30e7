package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits that make no sense. */
@Timeout(60)
class EngineMisuseTest {
    private static final int UNUSED_STREAM = 99;

    private final EngineFixture fixture = new EngineFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aNegativeTimeoutHasPassed() throws Exception {
        try (Requester<String, String> alone =
                fixture.requester().stream(UNUSED_STREAM).open()) {
            assertThat(alone.awaitConnected(Duration.ofSeconds(Long.MIN_VALUE))).isFalse();
            assertThat(alone.awaitConnected(Duration.ofNanos(-1))).isFalse();
        }
    }

    @Test
    void aHandlerCannotWaitForAReplyThatItsEngineReceives() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Call<String> nested = new Call<>();
        CompletableFuture<Requester<String, String>> own = new CompletableFuture<>();
        Responder unused = fixture.responder().open((request, sender) -> {
            if (request.equals("outer")) {
                assertThat(nested.ask(own.join(), "inner")).isEqualTo(SendResult.ACCEPTED);
                thrown.complete(catchThrowable(() -> nested.receive(TIMEOUT)));
            }
            EngineFixture.echo(request, sender);
        });
        own.complete(fixture.connected());
        Call<String> call = new Call<>();

        assertThat(call.ask(own.join(), "outer")).isEqualTo(SendResult.ACCEPTED);

        assertThat(thrown.join())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must not wait for a reply");
        assertThat(call.receive(TIMEOUT)).isEqualTo("outer");
        assertThat(nested.receive(TIMEOUT)).isEqualTo("inner");
    }
}
