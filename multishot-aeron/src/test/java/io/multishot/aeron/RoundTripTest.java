package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests and replies within one process. */
@Timeout(60)
class RoundTripTest {
    private final EngineFixture fixture = new EngineFixture();
    private final Call<String> call = new Call<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    private Requester<String, String> requesterOf(Handler<String, String> handler) throws InterruptedException {
        Responder unused = fixture.responder().open(handler);
        return fixture.connected();
    }

    @Test
    void aRequestGetsAValue() throws Exception {
        Requester<String, String> requester =
                requesterOf((request, sender) -> EngineFixture.echo(request.toUpperCase(Locale.ROOT), sender));

        assertThat(call.ask(requester, "grüße")).isEqualTo(SendResult.ACCEPTED);

        assertThat(call.receive(TIMEOUT)).isEqualTo("GRÜSSE");
        assertThat(requester.inFlight()).isZero();
    }

    @Test
    void aCallIsReusedForManyRequests() throws Exception {
        Requester<String, String> requester = requesterOf(EngineFixture::echo);

        for (int i = 0; i < 1000; i++) {
            assertThat(call.ask(requester, "n" + i)).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(TIMEOUT)).isEqualTo("n" + i);
        }
    }

    @Test
    void aSafeReceiverWorks() throws Exception {
        Requester<String, String> requester = requesterOf(EngineFixture::echo);
        try (Call<String> safe = new Call<>(new Receiver<>())) {
            for (int i = 0; i < 10; i++) {
                assertThat(safe.ask(requester, "n" + i)).isEqualTo(SendResult.ACCEPTED);
                assertThat(safe.receive(TIMEOUT)).isEqualTo("n" + i);
            }
        }
    }

    @Test
    void theResponderCanFail() throws Exception {
        Requester<String, String> requester =
                requesterOf((request, sender) -> assertThat(sender.fail(new IllegalStateException("no " + request)))
                        .isEqualTo(SendResult.ACCEPTED));

        assertThat(call.ask(requester, "luck")).isEqualTo(SendResult.ACCEPTED);

        assertThatThrownBy(() -> call.receive(TIMEOUT))
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isInstanceOf(RemoteFailureException.class)
                .hasMessage("java.lang.IllegalStateException: no luck");
    }

    @Test
    void aHandlerThatThrowsFailsTheRequest() throws Exception {
        Requester<String, String> requester = requesterOf((request, sender) -> {
            throw new IOException("broken " + request);
        });

        assertThat(call.ask(requester, "pipe")).isEqualTo(SendResult.ACCEPTED);

        assertThatThrownBy(() -> call.receive(TIMEOUT)).cause().hasMessage("java.io.IOException: broken pipe");
    }

    @Test
    void theResponderCanDrop() throws Exception {
        Requester<String, String> requester =
                requesterOf((request, sender) -> assertThat(sender.drop()).isEqualTo(SendResult.ACCEPTED));

        assertThat(call.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);

        assertThatThrownBy(() -> call.receive(TIMEOUT)).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void aReplyCanComeLaterFromAnotherThread() throws Exception {
        CompletableFuture<RemoteSender<String>> kept = new CompletableFuture<>();
        Requester<String, String> requester = requesterOf((request, sender) -> kept.complete(sender));

        assertThat(call.ask(requester, "later")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);

        assertThat(kept.get().isAbandoned()).isFalse();
        assertThat(kept.get().send("now")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("now");
    }

    @Test
    void repliesCanComeInAnyOrder() throws Exception {
        List<RemoteSender<String>> kept = new ArrayList<>();
        CompletableFuture<Void> all = new CompletableFuture<>();
        Requester<String, String> requester = requesterOf((request, sender) -> {
            kept.add(sender);
            if (kept.size() == 3) {
                all.complete(null);
            }
        });
        List<Call<String>> calls = List.of(new Call<>(), new Call<>(), new Call<>());
        for (Call<String> each : calls) {
            assertThat(each.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);
        }
        all.get();

        for (int i = 2; i >= 0; i--) {
            assertThat(kept.get(i).send("to " + i)).isEqualTo(SendResult.ACCEPTED);
        }

        for (int i = 0; i < 3; i++) {
            assertThat(calls.get(i).receive(TIMEOUT)).isEqualTo("to " + i);
        }
    }

    private static int longestFrame(Requester<String, String> requester) {
        return Objects.requireNonNull(requester.connection.responder())
                .publication
                .maxMessageLength();
    }

    @Test
    void messagesLargerThanAFragmentWorkInBothDirections() throws Exception {
        Requester<String, String> requester = requesterOf(EngineFixture::echo);
        String longest = "ä".repeat((longestFrame(requester) - Frame.HEADER_LENGTH) / 2);

        for (String request : List.of("x".repeat(1375), "x".repeat(1376), "x".repeat(1377), longest, "")) {
            assertThat(call.ask(requester, request)).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(TIMEOUT)).isEqualTo(request);
        }
    }

    @Test
    void anEventLoopCanRunTheEngine() throws Exception {
        try (Engine invoked = Engine.invoked(fixture.engine.aeron());
                Requester<String, String> requester =
                        Requester.builder(invoked, Codec.utf8(), Codec.utf8()).open();
                Responder unused =
                        Responder.builder(invoked, Codec.utf8(), Codec.utf8()).open(EngineFixture::echo)) {
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
            assertThat(call.ask(requester, "around")).isEqualTo(SendResult.ACCEPTED);
            while (call.receiver().poll(() -> {}) == Poll.PENDING) {
                int done = invoked.work();
                assertThat(done).isNotNegative();
            }
            assertThat(call.receiver().take()).isEqualTo("around");
        }
    }

    @Test
    void anEngineUsesItsIdleStrategy() throws Exception {
        try (Engine spinning = Engine.of(fixture.engine.aeron(), new BusySpinIdleStrategy());
                Responder responder =
                        Responder.builder(spinning, Codec.utf8(), Codec.utf8()).open(EngineFixture::echo)) {
            Requester<String, String> requester = fixture.connected();
            assertThat(call.ask(requester, "awake?")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(TIMEOUT)).isEqualTo("awake?");
            assertThat(responder.requesters()).isEqualTo(1);
        }
    }
}
