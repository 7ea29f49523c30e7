package io.multishot.aeron;

import static io.multishot.aeron.Wire.PATIENCE;
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

/** Messages in another's name, and askers that are many or odd: the answerer ignores and counts them, and goes on. */
@Timeout(60)
class ForgedFramesTest {
    private static final String FOREIGN_CHANNEL = "aeron:ipc?alias=foreign";
    private static final int FOREIGN_STREAM = 7;

    private final Wire wire = new Wire();
    private final Call<String> call = new Call<>();
    private final FrameWriter writer = new FrameWriter();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();

    private Aeron foreign;
    private ExclusivePublication forged;

    /** A client and a publication of its own, so that what it sends arrives in an image of its own. */
    @BeforeEach
    void connectTheForger() {
        foreign = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(wire.engine.aeron().context().aeronDirectoryName()));
        forged = foreign.addExclusivePublication("aeron:ipc", AnswererBuilder.DEFAULT_STREAM);
    }

    @AfterEach
    void close() {
        foreign.close();
        wire.close();
    }

    private Answerer open(AnswererBuilder<String, String> settings) {
        return settings.open((request, sender) -> {
            if (request.equals("keep")) {
                kept.add(sender);
            } else {
                Wire.echo(request, sender);
            }
        });
    }

    private void works(Asker<String, String> asker) throws Exception {
        assertThat(call.ask(asker, "still")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("still");
    }

    private void hello(long asker, String channel, int stream) {
        Hello hello = new Hello(10, stream, channel);
        Offer offer;
        do {
            offer = writer.write(forged, Frame.HELLO, asker, 0, 0, Hello.ENCODER, hello, Hello.ENCODER.length(hello));
        } while (offer == Offer.BACK_PRESSURED);
        assertThat(offer).isEqualTo(Offer.ACCEPTED);
    }

    private void request(long asker, long answerer) {
        Offer offer = writer.write(forged, Frame.REQUEST, asker, answerer, 1, Codec.utf8(), "keep", 4);
        assertThat(offer).isEqualTo(Offer.ACCEPTED);
    }

    private void bye(long asker, long answerer) {
        Offer offer = writer.write(forged, Frame.BYE, asker, answerer, 0);
        assertThat(offer).isEqualTo(Offer.ACCEPTED);
    }

    /** Sends one thing in the name of an asker that has a request in hand, which must not suffer. */
    private void isIgnored(Forgery forgery) throws Exception {
        Answerer answerer = open(wire.answerer());
        Asker<String, String> asker = wire.connected();
        Call<String> waiting = new Call<>();
        assertThat(waiting.ask(asker, "keep")).isEqualTo(Offer.ACCEPTED);
        RemoteSender<String> sender = kept.take();
        long answererNumber = Objects.requireNonNull(asker.link.peer()).incarnation;

        forgery.send(asker.link.incarnation, answererNumber);

        await().untilAsserted(() -> assertThat(answerer.ignored()).isEqualTo(1));
        assertThat(kept).as("handled in another's name").isEmpty();
        assertThat(sender.isAbandoned()).isFalse();
        assertThat(answerer.askers()).isEqualTo(1);
        assertThat(sender.send("kept")).isEqualTo(Offer.ACCEPTED);
        assertThat(waiting.receive(PATIENCE)).isEqualTo("kept");
        works(asker);
        assertThat(asker.isConnected()).isTrue();
        assertThat(asker.refused()).isZero();
    }

    private interface Forgery {
        void send(long asker, long answerer);
    }

    @Test
    void aHelloInAnothersNameIsIgnored() throws Exception {
        isIgnored((asker, answerer) -> hello(asker, FOREIGN_CHANNEL, FOREIGN_STREAM));
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
    void askersAreManyButNotWithoutEnd() throws Exception {
        Answerer answerer = open(wire.answerer());
        Asker<String, String> asker = wire.connected();

        for (int i = 1; i <= 2_000; i++) {
            hello(i, FOREIGN_CHANNEL, FOREIGN_STREAM);
        }

        await().untilAsserted(() -> {
            assertThat(answerer.askers()).isGreaterThan(1_000);
            assertThat(answerer.ignored()).isGreaterThanOrEqualTo(2_001 - 1_024);
        });
        assertThat(answerer.askers()).isLessThanOrEqualTo(1_024);
        works(asker);
    }

    @Test
    void whoeverJudgesChannelsMayThrow() throws Exception {
        Answerer answerer = open(wire.answerer().mayReplyTo(channel -> {
            if (channel.equals(FOREIGN_CHANNEL)) {
                throw new UnsupportedOperationException(channel);
            }
            return true;
        }));
        Asker<String, String> asker = wire.connected();

        hello(1, FOREIGN_CHANNEL, FOREIGN_STREAM);

        await().untilAsserted(() -> assertThat(answerer.ignored()).isEqualTo(1));
        assertThat(answerer.askers()).isEqualTo(1);
        works(asker);
        works(wire.connected());
    }
}
