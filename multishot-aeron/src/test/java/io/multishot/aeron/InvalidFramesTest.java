package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
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
 * Messages that are malformed, duplicate, late, or meant for another peer are ignored or refused, and counted; other
 * requests are not affected.
 */
@Timeout(60)
class InvalidFramesTest {
    @Test
    void aRequesterIgnoresAndRefusesTheFramesOfARogueResponder() throws Exception {
        String channel = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
        try (Engine engine = Engine.embedded();
                ChildProcess unused = ChildProcess.start(RogueResponderMain.class, channel);
                Call<String> call = new Call<>();
                Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                        .channel(channel)
                        .open()) {
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
            for (int i = 0; i < 100; i++) {
                assertThat(call.ask(requester, "n" + i)).isEqualTo(SendResult.ACCEPTED);
                assertThat(call.receive(TIMEOUT)).isEqualTo("n" + i);
            }
            await().untilAsserted(() -> {
                assertThat(requester.ignored()).isEqualTo(100 * RogueResponderMain.IGNORED_PER_REQUEST);
                assertThat(requester.refused()).isEqualTo(100 * RogueResponderMain.REFUSED_PER_REQUEST);
            });
        }
    }

    @Test
    void aResponderIgnoresInvalidFrames() throws Exception {
        String channel = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
        try (Engine engine = Engine.embedded();
                ChildProcess unused = ChildProcess.start(ResponderMain.class, channel);
                Call<String> call = new Call<>();
                Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                        .channel(channel)
                        .open()) {
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
            int sent = sendInvalidFrames(requester);
            await().untilAsserted(() -> {
                assertThat(call.ask(requester, "ignored")).isEqualTo(SendResult.ACCEPTED);
                assertThat(call.receive(TIMEOUT)).isEqualTo(String.valueOf(sent));
            });
        }
    }

    /** Sends invalid frames via the requester's own publication, and returns how many. */
    private static int sendInvalidFrames(Requester<String, String> requester) {
        ConcurrentPublication to = (ConcurrentPublication) requester.agent.publication;
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[3_000]);
        Random random = new Random(11);
        int sent = 0;
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            buffer.putBytes(0, bytes);
            sent += offer(to, buffer, length);
        }
        long id = requester.agent.requesterId;
        for (int kind :
                new int[] {-1, 0, Frame.HEARTBEAT, Frame.VALUE, Frame.FAILURE, Frame.DROP, 8, Integer.MAX_VALUE}) {
            Frame.writeHeader(buffer, 0, kind, id, 0);
            sent += offer(to, buffer, 3_000);
        }
        // requests: of an unknown requester, for another session; hellos: too short, without a channel, no heartbeats
        Frame.writeHeader(buffer, 0, Frame.REQUEST, id + 1, 0);
        sent += offer(to, buffer, 50);
        Frame.writeHeader(buffer, 0, Frame.REQUEST, id, 1);
        sent += offer(to, buffer, 50);
        Frame.writeHeader(buffer, 0, Frame.HELLO, id + 2, 0);
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
    void aHelloWithAnInvalidOrForbiddenChannelIsIgnored() throws Exception {
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
                SendResult result = writer.header(Frame.HELLO, channel.hashCode(), RandomId.NONE, Frame.NO_TICKET)
                        .send(good.agent.publication, Hello.ENCODER, hello, Hello.ENCODER.length(hello));
                assertThat(result).isEqualTo(SendResult.ACCEPTED);
            }
            await().untilAsserted(() -> assertThat(responder.ignored()).isEqualTo(3));
            try (Call<String> call = new Call<>()) {
                assertThat(call.ask(good, "well?")).isEqualTo(SendResult.ACCEPTED);
                assertThat(call.receive(TIMEOUT)).isEqualTo("well?");
            }
            await().untilAsserted(() -> assertThat(responder.requesters()).isEqualTo(1));
        }
    }

    @Test
    void aMessageThatCannotBeDecodedFailsItsRequestOnly() throws Exception {
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
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();

            for (String request : new String[] {"bad", "null"}) {
                assertThat(call.ask(requester, request)).isEqualTo(SendResult.ACCEPTED);
                assertThatThrownBy(() -> call.receive(TIMEOUT))
                        .isInstanceOf(SenderFailedException.class)
                        .cause()
                        .isInstanceOf(RemoteFailureException.class)
                        .hasMessageContaining(request.equals("bad") ? "bad indeed" : "returned null");
            }
            assertThat(handled).isNotDone();
            assertThat(responder.inHand()).isZero();

            assertThat(call.ask(requester, "reply bad")).isEqualTo(SendResult.ACCEPTED);
            assertThatThrownBy(() -> call.receive(TIMEOUT)).cause().isInstanceOf(ArithmeticException.class);
            assertThat(call.ask(requester, "good")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(TIMEOUT)).isEqualTo("good");
        }
    }
}
