package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Poll;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests and replies within one process. */
@Timeout(60)
class RoundTripTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Engine engine;
    private Asker<String, String> asker;
    private final Call<String> call = new Call<>();

    @BeforeEach
    void start() {
        engine = Engine.embedded();
        asker = Asker.builder(engine, Codec.utf8(), Codec.utf8()).open();
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private Answerer answerer(Handler<String, String> handler) throws InterruptedException {
        Answerer answerer = Answerer.builder(engine, Codec.utf8(), Codec.utf8()).open(handler);
        assertThat(asker.awaitConnected(PATIENCE)).isTrue();
        return answerer;
    }

    @Test
    void aRequestIsAnsweredWithAValue() throws Exception {
        answerer((request, sender) -> assertThat(sender.send(request.toUpperCase(Locale.ROOT))).isEqualTo(Offer.ACCEPTED));

        assertThat(call.ask(asker, "grüße")).isEqualTo(Offer.ACCEPTED);

        assertThat(call.receive(PATIENCE)).isEqualTo("GRÜSSE");
        assertThat(asker.inFlight()).isZero();
    }

    @Test
    void requestsFollowOneAnother() throws Exception {
        answerer((request, sender) -> assertThat(sender.send(request + "!")).isEqualTo(Offer.ACCEPTED));

        for (int i = 0; i < 1000; i++) {
            assertThat(call.ask(asker, "n" + i)).isEqualTo(Offer.ACCEPTED);
            assertThat(call.receive(PATIENCE)).isEqualTo("n" + i + "!");
        }
    }

    @Test
    void theAnswererCanFail() throws Exception {
        answerer((request, sender) ->
                assertThat(sender.fail(new IllegalStateException("no " + request))).isEqualTo(Offer.ACCEPTED));

        assertThat(call.ask(asker, "luck")).isEqualTo(Offer.ACCEPTED);

        assertThatThrownBy(() -> call.receive(PATIENCE))
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isInstanceOf(RemoteFailureException.class)
                .hasMessage("java.lang.IllegalStateException: no luck");
    }

    @Test
    void aHandlerThatThrowsFailsTheRequest() throws Exception {
        answerer((request, sender) -> {
            throw new java.io.IOException("broken " + request);
        });

        assertThat(call.ask(asker, "pipe")).isEqualTo(Offer.ACCEPTED);

        assertThatThrownBy(() -> call.receive(PATIENCE))
                .cause()
                .hasMessage("java.io.IOException: broken pipe");
    }

    @Test
    void theAnswererCanDrop() throws Exception {
        answerer((request, sender) -> assertThat(sender.drop()).isEqualTo(Offer.ACCEPTED));

        assertThat(call.ask(asker, "?")).isEqualTo(Offer.ACCEPTED);

        assertThatThrownBy(() -> call.receive(PATIENCE)).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void theAnswerCanComeLaterFromAnotherThread() throws Exception {
        CompletableFuture<RemoteSender<String>> kept = new CompletableFuture<>();
        answerer((request, sender) -> kept.complete(sender));

        assertThat(call.ask(asker, "later")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);

        assertThat(kept.get().send("now")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("now");
    }
}
