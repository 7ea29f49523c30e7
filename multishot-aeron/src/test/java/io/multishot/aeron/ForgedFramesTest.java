package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Messages that forge another requester's id, hellos in large numbers, and channels whose check throws: the responder
 * ignores and counts them, and other requests are not affected.
 */
@Timeout(60)
class ForgedFramesTest {
    private static final int OTHER_STREAM = 7;

    private final EngineFixture fixture = new EngineFixture();
    private final Call<String> call = new Call<>();
    private final FrameWriter writer = new FrameWriter();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();

    private Aeron forger;
    private ExclusivePublication forged;

    /** Creates a client and a publication of its own, so that its messages arrive in an image of its own. */
    @BeforeEach
    void connectTheForger() {
        forger = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(fixture.engine.aeron().context().aeronDirectoryName()));
        forged = forger.addExclusivePublication("aeron:ipc", ResponderBuilder.DEFAULT_STREAM);
    }

    @AfterEach
    void close() {
        forger.close();
        fixture.close();
    }

    private Responder open(ResponderBuilder<String, String> settings) {
        return settings.open((request, sender) -> {
            if (request.equals("keep")) {
                kept.add(sender);
            } else {
                EngineFixture.echo(request, sender);
            }
        });
    }

    private void assertWorks(Requester<String, String> requester) throws Exception {
        assertThat(call.ask(requester, "still")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("still");
    }

    private void hello(long connectionId, ReplyAddress address) {
        Hello hello = new Hello(connectionId, 10, OTHER_STREAM, 1 << 16, 1 << 16, address);
        SendResult result;
        do {
            result = writer.header(Frame.HELLO, 1, RandomId.NONE, Frame.NO_REQUESTER, 0, Frame.NO_TICKET)
                    .send(forged, Hello.ENCODER, hello, Hello.ENCODER.length(hello));
        } while (result == SendResult.BACK_PRESSURED);
        assertThat(result).isEqualTo(SendResult.ACCEPTED);
    }

    private void request(long sessionId) {
        SendResult result = writer.header(Frame.REQUEST, 0, sessionId, 1, 0, 1).send(forged, Codec.utf8(), "keep", 4);
        assertThat(result).isEqualTo(SendResult.ACCEPTED);
    }

    private void cancelAll(long sessionId) {
        SendResult result =
                writer.header(Frame.CANCEL, 0, sessionId, 1, 0, Frame.NO_TICKET).send(forged);
        assertThat(result).isEqualTo(SendResult.ACCEPTED);
    }

    private void bye(long connectionId, long sessionId) {
        SendResult result = writer.header(Frame.BYE, sessionId)
                .send(forged, ConnectionId.ENCODER, connectionId, ConnectionId.LENGTH);
        assertThat(result).isEqualTo(SendResult.ACCEPTED);
    }

    /** Sends one message that forges the id of a requester with a request in hand, which must not be affected. */
    private void assertIgnored(Forgery forgery) throws Exception {
        Responder responder = open(fixture.responder());
        Requester<String, String> requester = fixture.connected();
        Call<String> waiting = new Call<>();
        assertThat(waiting.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
        RemoteSender<String> sender = kept.take();
        long sessionId = Objects.requireNonNull(requester.connection.responder()).sessionId;

        forgery.send(requester.connection.id, sessionId);

        await().untilAsserted(() -> assertThat(responder.ignored()).isEqualTo(1));
        assertThat(kept).as("forged requests that were handled").isEmpty();
        assertThat(sender.isAbandoned()).isFalse();
        assertThat(responder.requesters()).isEqualTo(1);
        assertThat(sender.send("kept")).isEqualTo(SendResult.ACCEPTED);
        assertThat(waiting.receive(TIMEOUT)).isEqualTo("kept");
        assertWorks(requester);
        assertThat(requester.isConnected()).isTrue();
        assertThat(requester.refused()).isZero();
    }

    private interface Forgery {
        void send(long connectionId, long sessionId);
    }

    @Test
    void aForgedHelloIsIgnored() throws Exception {
        assertIgnored((connectionId, sessionId) -> hello(connectionId, ReplyAddress.IPC));
    }

    @Test
    void aForgedByeIsIgnored() throws Exception {
        assertIgnored(this::bye);
    }

    @Test
    void aForgedRequestIsIgnored() throws Exception {
        assertIgnored((connectionId, sessionId) -> request(sessionId));
    }

    @Test
    void aForgedCancelIsIgnored() throws Exception {
        assertIgnored((connectionId, sessionId) -> cancelAll(sessionId));
    }

    /** Strangers who say hello and nothing else make way for others. */
    @Test
    void theNumberOfRequestersIsBounded() throws Exception {
        Responder responder = open(fixture.responder().maxRequesters(8));
        Requester<String, String> requester = fixture.connected();
        assertWorks(requester);

        for (int i = 1; i <= 20; i++) {
            hello(i, ReplyAddress.IPC);
        }

        await().untilAsserted(() -> assertThat(responder.ignored()).isEqualTo(20 - 7));
        await().untilAsserted(() -> assertThat(responder.requesters()).isEqualTo(8));
        assertWorks(requester);
        try (Engine newcomer = Engine.of(fixture.engine.aeron());
                Requester<String, String> late =
                        Requester.builder(newcomer, Codec.utf8(), Codec.utf8()).open()) {
            assertThat(late.awaitConnected(TIMEOUT)).isTrue();
            assertWorks(late);
        }
    }

    @Test
    void aChannelWhoseCheckThrowsIsRefused() throws Exception {
        ReplyAddress other = new ReplyAddress("127.0.0.1:7");
        Responder responder = open(fixture.responder().mayReplyTo(channel -> {
            if (channel.equals(other.channel())) {
                throw new UnsupportedOperationException(channel);
            }
            return true;
        }));
        Requester<String, String> requester = fixture.connected();

        hello(1, other);

        await().untilAsserted(() -> assertThat(responder.ignored()).isEqualTo(1));
        assertThat(responder.requesters()).isEqualTo(1);
        assertWorks(requester);
        assertWorks(fixture.connected());
    }
}
