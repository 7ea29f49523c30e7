package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.NARROW;
import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import io.multishot.Poll;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A message that cannot be sent, now or ever, is reported to the caller; nothing is lost, and nothing stays in flight.
 */
@Timeout(60)
class UnsentMessagesTest {
    private final EngineFixture fixture = new EngineFixture();
    private final Call<String> call = new Call<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    private void assertNotSent(Requester<String, String> requester, String request, SendResult expected) {
        int before = requester.inFlight();
        assertThat(call.ask(requester, request)).isEqualTo(expected);
        assertThat(requester.inFlight()).isEqualTo(before);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.DROPPED);
    }

    private void assertWorks(Requester<String, String> requester) throws Exception {
        assertThat(call.ask(requester, "still")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("still");
    }

    @Test
    void withoutAResponderNothingIsSent() throws Exception {
        Requester<String, String> requester = fixture.requester().open();

        assertNotSent(requester, "anybody?", SendResult.NOT_CONNECTED);
        assertThat(requester.awaitConnected(Duration.ofMillis(50))).isFalse();

        Responder unused = fixture.responder().open(EngineFixture::echo);
        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
        assertWorks(requester);
    }

    @Test
    void theRequestsInFlightAreBoundedByTheCapacity() throws Exception {
        BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
        Responder unused = fixture.responder().open((request, sender) -> kept.add(sender));
        Requester<String, String> requester =
                fixture.connected(fixture.requester().capacity(1));
        Call<String> first = new Call<>();
        assertThat(first.ask(requester, "first")).isEqualTo(SendResult.ACCEPTED);

        assertNotSent(requester, "second", SendResult.FULL);

        assertThat(kept.take().send("one")).isEqualTo(SendResult.ACCEPTED);
        assertThat(first.receive(TIMEOUT)).isEqualTo("one");
        assertThat(call.ask(requester, "second")).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    void aBusyResponderCausesBackPressureAndLosesNothing() throws Exception {
        BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
        Responder responder =
                fixture.responder().channel(NARROW).capacity(2).open((request, sender) -> kept.add(sender));
        Requester<String, String> requester =
                fixture.connected(fixture.requester().channel(NARROW).capacity(1_000));
        String request = "x".repeat(1_000);

        List<Call<String>> accepted = new ArrayList<>();
        Call<String> next = new Call<>();
        SendResult result;
        while ((result = next.ask(requester, request)) == SendResult.ACCEPTED) {
            accepted.add(next);
            next = new Call<>();
        }

        assertThat(result).isEqualTo(SendResult.BACK_PRESSURED);
        assertThat(accepted).hasSizeGreaterThan(2);
        assertThat(requester.inFlight()).isEqualTo(accepted.size());
        await().untilAsserted(() -> assertThat(responder.inHand()).isEqualTo(2));

        for (int i = 0; i < accepted.size(); i++) {
            assertThat(kept.take().send("y")).isEqualTo(SendResult.ACCEPTED);
        }
        for (Call<String> each : accepted) {
            assertThat(each.receive(TIMEOUT)).isEqualTo("y");
        }
        assertThat(kept).isEmpty();
        await().untilAsserted(() -> assertThat(next(requester, request)).isEqualTo(SendResult.ACCEPTED));
    }

    private SendResult next(Requester<String, String> requester, String request) {
        return call.ask(requester, request);
    }

    @Test
    void aBusyRequesterCausesBackPressureAndLosesNothing() throws Exception {
        CompletableFuture<Void> blocked = new CompletableFuture<>();
        CompletableFuture<Void> resume = new CompletableFuture<>();
        BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
        try (Engine replying = Engine.of(fixture.engine.aeron())) {
            Responder unused =
                    Responder.builder(replying, Codec.utf8(), Codec.utf8()).open((request, sender) -> kept.add(sender));
            Requester<String, String> requester =
                    fixture.connected(fixture.requester().replyChannel(NARROW).peerTimeout(TIMEOUT));
            List<Call<String>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Call<String> each = new Call<>();
                calls.add(each);
                assertThat(each.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);
            }
            // this waker blocks the requester's engine
            assertThat(calls.get(0).receiver().poll(() -> {
                        blocked.complete(null);
                        resume.join();
                    }))
                    .isEqualTo(Poll.PENDING);
            assertThat(kept.take().send("first")).isEqualTo(SendResult.ACCEPTED);
            blocked.get();

            String reply = "z".repeat(1_000);
            RemoteSender<String> refused = null;
            int left = 199;
            while (left > 0 && refused == null) {
                RemoteSender<String> sender = kept.take();
                left--;
                SendResult result = sender.send(reply);
                if (result != SendResult.ACCEPTED) {
                    assertThat(result).isEqualTo(SendResult.BACK_PRESSURED);
                    refused = sender;
                }
            }

            assertThat(refused).isNotNull();
            resume.complete(null);
            EngineFixture.reply(Objects.requireNonNull(refused), reply);
            for (; left > 0; left--) {
                EngineFixture.reply(kept.take(), reply);
            }
            for (Call<String> each : calls) {
                assertThat(each.receive(TIMEOUT)).isNotNull();
            }
        }
    }

    @Test
    void aRequestThatIsTooLargeIsRejectedBeforeAnythingIsSent() throws Exception {
        Responder unused = fixture.responder().channel(NARROW).open(EngineFixture::echo);
        Requester<String, String> requester =
                fixture.connected(fixture.requester().channel(NARROW));
        int max = 8 * 1024 - Frame.HEADER_LENGTH;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> call.ask(requester, "x".repeat(max + 1)))
                .withMessageContaining(max + 1 + " bytes")
                .withMessageContaining("at most " + max);

        assertThat(requester.inFlight()).isZero();
        assertThat(call.ask(requester, "x".repeat(max))).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).hasSize(max);
    }

    @Test
    void aReplyThatIsTooLargeIsRejectedAndTheSenderStaysUsable() throws Exception {
        CompletableFuture<RemoteSender<String>> kept = new CompletableFuture<>();
        Responder unused = fixture.responder().open((request, sender) -> kept.complete(sender));
        Requester<String, String> requester =
                fixture.connected(fixture.requester().replyChannel(NARROW));
        assertThat(call.ask(requester, "?")).isEqualTo(SendResult.ACCEPTED);
        RemoteSender<String> sender = kept.get();

        assertThatIllegalArgumentException().isThrownBy(() -> sender.send("x".repeat(9_000)));

        assertThat(sender.fail(new IllegalStateException("x".repeat(9_000)))).isEqualTo(SendResult.ACCEPTED);
        assertThatExceptionOfType(SenderFailedException.class)
                .isThrownBy(() -> call.receive(TIMEOUT))
                .havingCause()
                .withMessageStartingWith("java.lang.IllegalStateException: xxx");
    }

    @Test
    void nothingIsSentIfTheEncoderThrows() throws Exception {
        Responder unused = fixture.responder().open(EngineFixture::echo);
        Encoder<String> picky = new Encoder<>() {
            @Override
            public int length(String message) {
                return message.equals("negative") ? -1 : Codec.utf8().length(message);
            }

            @Override
            public void encode(String message, MutableDirectBuffer buffer, int offset) {
                String written = message.equals("short") ? "longer than announced" : message;
                Codec.utf8().encode(written, buffer, offset);
                if (message.startsWith("bad")) {
                    throw new UnsupportedOperationException(message);
                }
            }
        };
        Requester<String, String> requester =
                Requester.builder(fixture.engine, picky, Codec.utf8()).open();
        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> call.ask(requester, "bad"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> call.ask(requester, "bad" + "x".repeat(5_000)));
        assertThatIllegalArgumentException().isThrownBy(() -> call.ask(requester, "negative"));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> call.ask(requester, "short"));
        assertThatNullPointerException().isThrownBy(() -> call.ask(requester, null));

        assertThat(requester.inFlight()).isZero();
        assertWorks(requester);
    }

    /** A property that users set for speed must not let one message overwrite the next. */
    @Test
    @Tag("checked") // once is enough: it starts a process
    void anEncoderIsKeptWithinItsMessageWithoutBoundsChecksToo() throws Exception {
        List<String> prefix = List.of("env", "JAVA_TOOL_OPTIONS=-Dagrona.disable.bounds.checks=true");
        try (ChildProcess done = ChildProcess.start(prefix, UncheckedBoundsMain.class, "unused")) {
            assertThat(done.exitStatus()).isZero();
        }
    }
}
