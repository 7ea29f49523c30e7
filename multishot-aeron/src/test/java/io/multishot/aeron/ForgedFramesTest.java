package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.PATIENCE;
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
 * Messages in another's name, and requesters that are many or odd: the responder ignores and counts them, and goes on.
 */
@Timeout(60)
class ForgedFramesTest {
    private static final String FOREIGN_CHANNEL = "aeron:ipc?alias=foreign";
    private static final int FOREIGN_STREAM = 7;

    private final EngineFixture fixture = new EngineFixture();
    private final Call<String> call = new Call<>();
    private final FrameWriter writer = new FrameWriter();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();

    private Aeron foreign;
    private ExclusivePublication forged;

    /** A client and a publication of its own, so that what it sends arrives in an image of its own. */
    @BeforeEach
    void connectTheForger() {
        foreign = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(fixture.engine.aeron().context().aeronDirectoryName()));
        forged = foreign.addExclusivePublication("aeron:ipc", ResponderBuilder.DEFAULT_STREAM);
    }

    @AfterEach
    void close() {
        foreign.close();
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

    private void works(Requester<String, String> requester) throws Exception {
        assertThat(call.ask(requester, "still")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("still");
    }

    private void hello(long requester, String channel, int stream) {
        Hello hello = new Hello(10, stream, channel);
        SendResult offer;
        do {
            offer = writer.write(
                    forged, Frame.HELLO, requester, 0, 0, Hello.ENCODER, hello, Hello.ENCODER.length(hello));
        } while (offer == SendResult.BACK_PRESSURED);
        assertThat(offer).isEqualTo(SendResult.ACCEPTED);
    }

    private void request(long requester, long responder) {
        SendResult offer = writer.write(forged, Frame.REQUEST, requester, responder, 1, Codec.utf8(), "keep", 4);
        assertThat(offer).isEqualTo(SendResult.ACCEPTED);
    }

    private void bye(long requester, long responder) {
        SendResult offer = writer.write(forged, Frame.BYE, requester, responder, 0);
        assertThat(offer).isEqualTo(SendResult.ACCEPTED);
    }

    /** Sends one thing in the name of a requester that has a request in hand, which must not suffer. */
    private void isIgnored(Forgery forgery) throws Exception {
        Responder responder = open(fixture.responder());
        Requester<String, String> requester = fixture.connected();
        Call<String> waiting = new Call<>();
        assertThat(waiting.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
        RemoteSender<String> sender = kept.take();
        long responderNumber = Objects.requireNonNull(requester.link.peer()).incarnation;

        forgery.send(requester.link.incarnation, responderNumber);

        await().untilAsserted(() -> assertThat(responder.ignored()).isEqualTo(1));
        assertThat(kept).as("handled in another's name").isEmpty();
        assertThat(sender.isAbandoned()).isFalse();
        assertThat(responder.requesters()).isEqualTo(1);
        assertThat(sender.send("kept")).isEqualTo(SendResult.ACCEPTED);
        assertThat(waiting.receive(PATIENCE)).isEqualTo("kept");
        works(requester);
        assertThat(requester.isConnected()).isTrue();
        assertThat(requester.refused()).isZero();
    }

    private interface Forgery {
        void send(long requester, long responder);
    }

    @Test
    void aHelloInAnothersNameIsIgnored() throws Exception {
        isIgnored((requester, responder) -> hello(requester, FOREIGN_CHANNEL, FOREIGN_STREAM));
    }

    @Test
    void aByeInAnothersNameIsIgnored() throws Exception {
        isIgnored(this::bye);
    }

    @Test
    void aRequestInAnothersNameIsIgnored() throws Exception {
        isIgnored(this::request);
    }

    @Test
    void requestersAreManyButNotWithoutEnd() throws Exception {
        Responder responder = open(fixture.responder());
        Requester<String, String> requester = fixture.connected();

        for (int i = 1; i <= 2_000; i++) {
            hello(i, FOREIGN_CHANNEL, FOREIGN_STREAM);
        }

        await().untilAsserted(() -> {
            assertThat(responder.requesters()).isGreaterThan(1_000);
            assertThat(responder.ignored()).isGreaterThanOrEqualTo(2_001 - 1_024);
        });
        assertThat(responder.requesters()).isLessThanOrEqualTo(1_024);
        works(requester);
    }

    @Test
    void whoeverJudgesChannelsMayThrow() throws Exception {
        Responder responder = open(fixture.responder().mayReplyTo(channel -> {
            if (channel.equals(FOREIGN_CHANNEL)) {
                throw new UnsupportedOperationException(channel);
            }
            return true;
        }));
        Requester<String, String> requester = fixture.connected();

        hello(1, FOREIGN_CHANNEL, FOREIGN_STREAM);

        await().untilAsserted(() -> assertThat(responder.ignored()).isEqualTo(1));
        assertThat(responder.requesters()).isEqualTo(1);
        works(requester);
        works(fixture.connected());
    }
}
