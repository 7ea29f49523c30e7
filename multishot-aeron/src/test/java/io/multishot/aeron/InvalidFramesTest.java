package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeron.ChannelUri;
import io.aeron.ConcurrentPublication;
import io.aeron.Publication;
import io.multishot.SenderFailedException;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        ConcurrentPublication to =
                (ConcurrentPublication) Objects.requireNonNull(requester.connection.responder()).publication;
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[3_000]);
        Random random = new Random(11);
        int sent = 0;
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            buffer.putBytes(0, bytes);
            sent += offer(to, buffer, length);
        }
        long session = Objects.requireNonNull(requester.connection.responder()).sessionId;
        for (int kind :
                new int[] {-1, 0, Frame.HEARTBEAT, Frame.VALUE, Frame.FAILURE, Frame.DROP, Frame.REFUSAL, 10, 127}) {
            Frame.writeHeader(buffer, 0, kind, 0, session, 1, 0);
            sent += offer(to, buffer, 3_000);
        }
        // requests and cancels of no session; a bye of no connection
        Frame.writeHeader(buffer, 0, Frame.REQUEST, 0, session + 1, 1, 0);
        sent += offer(to, buffer, 50);
        Frame.writeHeader(buffer, 0, Frame.CANCEL, 0, 0, 1, 0);
        sent += offer(to, buffer, Frame.HEADER_LENGTH);
        Frame.writeHeader(buffer, 0, Frame.BYE, 0, session, 0, 0);
        for (int length = 0; length <= 8; length++) {
            sent += offer(to, buffer, Frame.HEADER_LENGTH + length);
        }
        // hellos: too short, without a connection's id, no heartbeats
        Frame.writeHeader(buffer, 0, Frame.HELLO, 0, 0, 0, 0);
        buffer.setMemory(Frame.HEADER_LENGTH, 20, (byte) 0);
        for (int length = 0; length <= 20; length++) {
            sent += offer(to, buffer, Frame.HEADER_LENGTH + length);
        }
        buffer.putLong(Frame.HEADER_LENGTH, 5);
        sent += offer(to, buffer, Frame.HEADER_LENGTH + 20);
        return sent;
    }

    private static int offer(ConcurrentPublication to, UnsafeBuffer buffer, int length) {
        while (to.offer(buffer, 0, length) < 0) {
            Thread.onSpinWait();
        }
        return 1;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "127.0.0.1",
                "127.0.0.1:0",
                "127.0.0.1:65536",
                "256.0.0.1:9000",
                "no.such.host.invalid:1",
                "localhost:9000",
                "224.0.1.1:9000",
                "0.0.0.0:9000",
                "[::1%lo]:9000",
                "[1:2]:9000",
                "127.0.0.1:9000|term-length=1g",
                "127.0.0.1:9000|control=10.0.0.1:9000"
            })
    void anAddressIsOfOneHostAndNothingElse(String endpoint) {
        assertThat(ReplyAddress.parse(endpoint)).matches(parsed -> parsed == null || !parsed.isReachable());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9000", "[::1]:9000", "[2001:db8::7]:65535", "[::ffff:10.1.2.3]:1"})
    void anAddressMayBeOfEitherProtocol(String endpoint) {
        ReplyAddress address = ReplyAddress.parse(endpoint);
        assertThat(address).isNotNull();
        assertThat(address.channel()).isEqualTo("aeron:udp?endpoint=" + endpoint);
        assertThat(address.channel(ChannelUri.parse("aeron:udp?endpoint=x:1|mtu=4096|interface=y|alias=z"), 0))
                .isEqualTo("aeron:udp?mtu=4096|endpoint=" + endpoint);
    }

    /** A peer's wish is no more than that: it cannot make this side allocate. */
    @Test
    void theTermLengthIsTheRespondersOrLess() {
        ChannelUri own = ChannelUri.parse("aeron:ipc?term-length=256k");
        assertThat(ReplyAddress.IPC.channel(own, 0)).isEqualTo("aeron:ipc?term-length=262144");
        assertThat(ReplyAddress.IPC.channel(own, 1 << 30)).isEqualTo("aeron:ipc?term-length=262144");
        assertThat(ReplyAddress.IPC.channel(own, 1 << 16)).isEqualTo("aeron:ipc?term-length=65536");
        for (int odd : new int[] {-1, 1, 65_537, 3 << 20, Integer.MIN_VALUE}) {
            assertThat(ReplyAddress.IPC.channel(own, odd)).isEqualTo("aeron:ipc?term-length=262144");
        }
        ChannelUri plain = ChannelUri.parse("aeron:ipc");
        assertThat(ReplyAddress.IPC.channel(plain, 0)).isEqualTo("aeron:ipc");
        assertThat(ReplyAddress.IPC.channel(plain, 1 << 30)).isEqualTo("aeron:ipc?term-length=1048576");
    }

    @Test
    void aHelloWithAnInvalidOrForbiddenAddressIsIgnored() throws Exception {
        try (EngineFixture fixture = new EngineFixture()) {
            Responder responder = fixture.responder()
                    .mayReplyTo(channel -> !channel.contains("9999"))
                    .open(EngineFixture::echo);
            Requester<String, String> good = fixture.connected();
            Publication to = Objects.requireNonNull(good.connection.responder()).publication;
            FrameWriter writer = new FrameWriter();
            for (String endpoint : new String[] {"nonsense", "10.0.0.1:1|term-length=1g", "10.0.0.1:9999"}) {
                Hello hello = new Hello(endpoint.hashCode(), 10, 5, 0, 4096, new ReplyAddress(endpoint));
                SendResult result = writer.header(Frame.HELLO, RandomId.NONE)
                        .send(to, Hello.ENCODER, hello, Hello.ENCODER.length(hello));
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
