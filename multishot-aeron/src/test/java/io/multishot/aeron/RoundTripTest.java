package io.multishot.aeron;

import static io.multishot.aeron.Wire.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests and replies within one process. */
@Timeout(60)
class RoundTripTest {
    private final Wire wire = new Wire();
    private final Call<String> call = new Call<>();

    @AfterEach
    void close() {
        wire.close();
    }

    private Asker<String, String> askerOf(Handler<String, String> handler) throws InterruptedException {
        Answerer unused = wire.answerer().open(handler);
        return wire.connected();
    }

    @Test
    void aRequestIsAnsweredWithAValue() throws Exception {
        Asker<String, String> asker = askerOf((request, sender) -> Wire.echo(request.toUpperCase(Locale.ROOT), sender));

        assertThat(call.ask(asker, "grüße")).isEqualTo(Offer.ACCEPTED);

        assertThat(call.receive(PATIENCE)).isEqualTo("GRÜSSE");
        assertThat(asker.inFlight()).isZero();
    }

    @Test
    void requestsFollowOneAnother() throws Exception {
        Asker<String, String> asker = askerOf(Wire::echo);

        for (int i = 0; i < 1000; i++) {
            assertThat(call.ask(asker, "n" + i)).isEqualTo(Offer.ACCEPTED);
            assertThat(call.receive(PATIENCE)).isEqualTo("n" + i);
        }
    }

    @Test
    void aGuardedReceiverServesAsWell() throws Exception {
        Asker<String, String> asker = askerOf(Wire::echo);
        try (Call<String> guarded = new Call<>(Receiver.guarded())) {
            for (int i = 0; i < 10; i++) {
                assertThat(guarded.ask(asker, "n" + i)).isEqualTo(Offer.ACCEPTED);
                assertThat(guarded.receive(PATIENCE)).isEqualTo("n" + i);
            }
        }
    }

    @Test
    void theAnswererCanFail() throws Exception {
        Asker<String, String> asker =
                askerOf((request, sender) -> assertThat(sender.fail(new IllegalStateException("no " + request)))
                        .isEqualTo(Offer.ACCEPTED));

        assertThat(call.ask(asker, "luck")).isEqualTo(Offer.ACCEPTED);

        assertThatThrownBy(() -> call.receive(PATIENCE))
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isInstanceOf(RemoteFailureException.class)
                .hasMessage("java.lang.IllegalStateException: no luck");
    }

    @Test
    void aHandlerThatThrowsFailsTheRequest() throws Exception {
        Asker<String, String> asker = askerOf((request, sender) -> {
            throw new IOException("broken " + request);
        });

        assertThat(call.ask(asker, "pipe")).isEqualTo(Offer.ACCEPTED);

        assertThatThrownBy(() -> call.receive(PATIENCE)).cause().hasMessage("java.io.IOException: broken pipe");
    }

    @Test
    void theAnswererCanDrop() throws Exception {
        Asker<String, String> asker =
                askerOf((request, sender) -> assertThat(sender.drop()).isEqualTo(Offer.ACCEPTED));

        assertThat(call.ask(asker, "?")).isEqualTo(Offer.ACCEPTED);

        assertThatThrownBy(() -> call.receive(PATIENCE)).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void theAnswerCanComeLaterFromAnotherThread() throws Exception {
        CompletableFuture<RemoteSender<String>> kept = new CompletableFuture<>();
        Asker<String, String> asker = askerOf((request, sender) -> kept.complete(sender));

        assertThat(call.ask(asker, "later")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);

        assertThat(kept.get().isAbandoned()).isFalse();
        assertThat(kept.get().send("now")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("now");
    }

    @Test
    void answersComeInAnyOrder() throws Exception {
        List<RemoteSender<String>> kept = new ArrayList<>();
        CompletableFuture<Void> all = new CompletableFuture<>();
        Asker<String, String> asker = askerOf((request, sender) -> {
            kept.add(sender);
            if (kept.size() == 3) {
                all.complete(null);
            }
        });
        List<Call<String>> calls = List.of(new Call<>(), new Call<>(), new Call<>());
        for (Call<String> each : calls) {
            assertThat(each.ask(asker, "?")).isEqualTo(Offer.ACCEPTED);
        }
        all.get();

        for (int i = 2; i >= 0; i--) {
            assertThat(kept.get(i).send("to " + i)).isEqualTo(Offer.ACCEPTED);
        }

        for (int i = 0; i < 3; i++) {
            assertThat(calls.get(i).receive(PATIENCE)).isEqualTo("to " + i);
        }
    }

    @Test
    void whatIsLargerThanAFragmentWorksBothWays() throws Exception {
        Asker<String, String> asker = askerOf(Wire::echo);
        String longest = "ä".repeat((asker.link.publication.maxMessageLength() - Frame.HEADER_LENGTH) / 2);

        for (String request : List.of("x".repeat(1375), "x".repeat(1376), "x".repeat(1377), longest, "")) {
            assertThat(call.ask(asker, request)).isEqualTo(Offer.ACCEPTED);
            assertThat(call.receive(PATIENCE)).isEqualTo(request);
        }
    }

    @Test
    void anEventLoopCanDoTheWorkItself() throws Exception {
        try (Engine invoked = Engine.invoked(wire.engine.aeron());
                Asker<String, String> asker =
                        Asker.builder(invoked, Codec.utf8(), Codec.utf8()).open();
                Answerer unused =
                        Answerer.builder(invoked, Codec.utf8(), Codec.utf8()).open(Wire::echo)) {
            assertThat(asker.awaitConnected(PATIENCE)).isTrue();
            assertThat(call.ask(asker, "around")).isEqualTo(Offer.ACCEPTED);
            while (call.receiver().poll(() -> {}) == Poll.PENDING) {
                int done = invoked.work();
                assertThat(done).isNotNegative();
            }
            assertThat(call.receiver().take()).isEqualTo("around");
        }
    }

    @Test
    void anEngineRestsAsItIsTold() throws Exception {
        try (Engine restless = Engine.of(wire.engine.aeron(), new BusySpinIdleStrategy());
                Answerer answerer =
                        Answerer.builder(restless, Codec.utf8(), Codec.utf8()).open(Wire::echo)) {
            Asker<String, String> asker = wire.connected();
            assertThat(call.ask(asker, "awake?")).isEqualTo(Offer.ACCEPTED);
            assertThat(call.receive(PATIENCE)).isEqualTo("awake?");
            assertThat(answerer.askers()).isEqualTo(1);
        }
    }
}
