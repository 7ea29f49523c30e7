package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multishot.SenderFailedException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers that throw in unusual ways: their request fails, and no other. */
@Timeout(60)
class FaultyHandlerTest {
    private final Wire wire = new Wire();
    private final Call<String> call = new Call<>();

    @AfterEach
    void close() {
        wire.close();
    }

    /** Does not even say what it is. */
    private static final class Speechless extends Exception {
        private static final long serialVersionUID = 1;

        private final Class<? extends RuntimeException> instead;

        Speechless(Class<? extends RuntimeException> instead) {
            this.instead = instead;
        }

        @Override
        public String getMessage() {
            if (instead == NullPointerException.class) {
                throw new NullPointerException("no message");
            }
            throw new IllegalStateException("no message");
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {NullPointerException.class, IllegalStateException.class})
    void anExceptionThatCannotTellItsMessageFailsTheRequestAllTheSame(Class<? extends RuntimeException> instead)
            throws Exception {
        Answerer answerer = wire.answerer().open((request, sender) -> {
            throw new Speechless(instead);
        });
        Asker<String, String> asker = wire.connected();

        assertThat(call.ask(asker, "?")).isEqualTo(Offer.ACCEPTED);

        assertThatThrownBy(() -> call.receive(Duration.ofSeconds(5)))
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isInstanceOf(RemoteFailureException.class)
                .hasMessageContaining("Speechless");
        await().untilAsserted(() -> assertThat(answerer.inHand()).isZero());
    }
}
