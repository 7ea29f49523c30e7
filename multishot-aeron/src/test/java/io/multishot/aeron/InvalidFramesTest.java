package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeron.ConcurrentPublication;
import io.multishot.SenderFailedException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Messages that are malformed, doubled, late, or meant for somebody else: ignored or refused, counted, and nobody is
 * disturbed.
 */
@Timeout(60)
class InvalidFramesTest {
    @Test
    void aRequesterIgnoresAndRefusesWhatARogueInAnotherProcessSends() throws Exception {
        String channel = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
        try (Engine engine = Engine.embedded();
                ChildProcess unused = ChildProcess.start(RogueResponderMain.class, channel);
                Call<String> call = new Call<>();
                Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                        .channel(channel)
                        .open()) {
            assertThat(requester.awaitConnected(PATIENCE)).isTrue();
            for (int i = 0; i < 100; i++) {
                assertThat(call.ask(requester, "n" + i)).isEqualTo(SendResult.ACCEPTED);
                assertThat(call.receive(PATIENCE)).isEqualTo("n" + i);
            }
            await().untilAsserted(() -> {
                assertThat(requester.ignored()).isEqualTo(100 * RogueResponderMain.IGNORED_BY_REQUEST);
                assertThat(requester.refused()).isEqualTo(100 * RogueResponderMain.REFUSED_BY_REQUEST);
            });
        }
    }

    @Test
    void aResponderInAnotherProcessIgnoresThem() throws Exception {
        String channel = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
        try (Engine engine = Engine.embedded();
                ChildProcess unused = ChildProcess.start(ResponderMain.class, channel);
                Call<String> call = new Call<>();
                Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                        .channel(channel)
                        .open()) {
            assertThat(requester.awaitConnected(PATIENCE)).isTrue();
            int sent = sendNonsense(requester);
            await().untilAsserted(() -> {
                assertThat(call.ask(requester, "ignored")).isEqualTo(SendResult.ACCEPTED);
                assertThat(call.receive(PATIENCE)).isEqualTo(String.valueOf(sent));
            });
        }
    }

    /** By way of the requester's own publication. Returns how many messages that was. */
    private static int sendNonsense(Requester<String, String> requester) {
        ConcurrentPublication to = (ConcurrentPublication) requester.link.publication;
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[3_000]);
        Random random = new Random(11);
        int sent = 0;
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            buffer.putBytes(0, bytes);
            sent += offer(to, buffer, length);
        }
        long us = requester.link.incarnation;
        for (int kind : new int[] {-1, 0, Frame.ALIVE, Frame.VALUE, Frame.FAILURE, Frame.DROP, 8, Integer.MAX_VALUE}) {
            Frame.write(buffer, 0, kind, us, 0);
            sent += offer(to, buffer, 3_000);
        }
        // requests: of nobody; to somebody else. Hellos: of nothing, without a channel, never to be heard
        Frame.write(buffer, 0, Frame.REQUEST, us + 1, 0);
        sent += offer(to, buffer, 50);
        Frame.write(buffer, 0, Frame.REQUEST, us, 1);
        sent += offer(to, buffer, 50);
        Frame.write(buffer, 0, Frame.HELLO, us + 2, 0);
        for (int length = 0; length <= 8; length++) {
            sent += offer(to, buffer, Frame.HEADER_LENGTH + length);
        }
        buffer.putInt(Frame.HEADER_LENGTH, 0);
        sent += offer(to, buffer, Frame.HEADER_LENGTH + 20);
        return sent;
    }

    private static int offer(ConcurrentPublication to, UnsafeBuffer buffer, int length) {
        while (to.offer(buffer, 0, length) < 0) {
            Thread.onSpinWait();
        }
        return 1;
    }

    @Test
    void aRequesterWhoseChannelIsNoneOrForbiddenGetsNoAnswerAndDisturbsNobody() throws Exception {
        try (EngineFixture fixture = new EngineFixture()) {
            Responder responder = fixture.responder()
                    .mayReplyTo(channel -> !channel.contains("forbidden"))
                    .open(EngineFixture::echo);
            Requester<String, String> good = fixture.connected();
            FrameWriter writer = new FrameWriter();
            for (String channel :
                    new String[] {"nonsense", "aeron:udp?endpoint=no.such.host.invalid:1", "aeron:ipc?alias=forbidden"
                    }) {
                Hello hello = new Hello(10, 5, channel);
                SendResult offer = writer.write(
                        good.link.publication,
                        Frame.HELLO,
                        channel.hashCode(),
                        0,
                        0,
                        Hello.ENCODER,
                        hello,
                        Hello.ENCODER.length(hello));
                assertThat(offer).isEqualTo(SendResult.ACCEPTED);
            }
            await().untilAsserted(() -> assertThat(responder.ignored()).isEqualTo(3));
            try (Call<String> call = new Call<>()) {
                assertThat(call.ask(good, "well?")).isEqualTo(SendResult.ACCEPTED);
                assertThat(call.receive(PATIENCE)).isEqualTo("well?");
            }
            await().untilAsserted(() -> assertThat(responder.requesters()).isEqualTo(1));
        }
    }

    @Test
    void whatCannotBeDecodedFailsItsRequestOnly() throws Exception {
        try (EngineFixture fixture = new EngineFixture();
                Call<String> call = new Call<>()) {
            CompletableFuture<String> handled = new CompletableFuture<>();
            Decoder<String> picky = (buffer, offset, length) -> {
                String message = Codec.utf8().decode(buffer, offset, length);
                return switch (message) {
                    case "bad" -> throw new ArithmeticException("bad indeed");
                    case "null" -> null;
                    default -> message;
                };
            };
            Responder responder = Responder.builder(fixture.engine, picky, Codec.utf8())
                    .open((request, sender) -> {
                        EngineFixture.echo(request.startsWith("reply ") ? request.substring(6) : request, sender);
                        handled.complete(request);
                    });
            Requester<String, String> requester =
                    Requester.builder(fixture.engine, Codec.utf8(), picky).open();
            assertThat(requester.awaitConnected(PATIENCE)).isTrue();

            for (String request : new String[] {"bad", "null"}) {
                assertThat(call.ask(requester, request)).isEqualTo(SendResult.ACCEPTED);
                assertThatThrownBy(() -> call.receive(PATIENCE))
                        .isInstanceOf(SenderFailedException.class)
                        .cause()
                        .isInstanceOf(RemoteFailureException.class)
                        .hasMessageContaining(request.equals("bad") ? "bad indeed" : "returned null");
            }
            assertThat(handled).isNotDone();
            assertThat(responder.inHand()).isZero();

            assertThat(call.ask(requester, "reply bad")).isEqualTo(SendResult.ACCEPTED);
            assertThatThrownBy(() -> call.receive(PATIENCE)).cause().isInstanceOf(ArithmeticException.class);
            assertThat(call.ask(requester, "good")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(PATIENCE)).isEqualTo("good");
        }
    }
}
