package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Poll;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The responder is on another host, and the link between the two is cut and restored. */
@Timeout(120)
class TwoHostsTest {
    private static final String CHANNEL = "aeron:udp?endpoint=" + TwoHosts.THERE + ":40123";

    private final Call<String> call = new Call<>();
    private final Call<String> before = new Call<>();
    private final Call<String> during = new Call<>();
    private TwoHosts hosts;
    private ChildProcess responder;
    private Engine engine;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        hosts = TwoHosts.connect();
        responder = ChildProcess.start(TwoHosts.RUN_THERE, ResponderMain.class, CHANNEL);
        engine = Engine.embedded();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        if (engine != null) {
            engine.close();
            responder.kill();
            hosts.close();
        }
    }

    private Requester<String, String> connected(Duration peerTimeout) throws InterruptedException {
        Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                .channel(CHANNEL)
                .peerTimeout(peerTimeout)
                .open();
        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
        return requester;
    }

    private void assertReply(Requester<String, String> requester, String request, String reply) throws Exception {
        assertThat(call.ask(requester, request)).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo(reply);
    }

    @Test
    void requestsFailWhenTheLinkIsCutAndNewOnesWorkWhenItIsRestored() throws Exception {
        Requester<String, String> requester = connected(Duration.ofMillis(500));
        assertReply(requester, "hello", "hello");
        Call<String> waiting = new Call<>();
        assertThat(waiting.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);

        hosts.cutLink();

        assertThatThrownBy(() -> waiting.receive(TIMEOUT)).cause().isInstanceOf(PeerLostException.class);
        assertThat(call.ask(requester, "anybody?")).isEqualTo(SendResult.NOT_CONNECTED);

        hosts.restoreLink();

        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
        assertReply(requester, "again", "again");
        // the responder has not noticed the cut: its late reply is refused, and does not affect the next request
        assertReply(requester, "release", "released 1");
        assertThat(requester.refused()).isEqualTo(1);
    }

    @Test
    void aCutThatIsShorterThanThePeerTimeoutOnlyDelaysReplies() throws Exception {
        Requester<String, String> requester = connected(Duration.ofMinutes(1));
        assertReply(requester, "hello", "hello");

        hosts.cutLink();
        assertThat(call.ask(requester, "patience")).isEqualTo(SendResult.ACCEPTED);
        Thread.sleep(1_000);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);
        hosts.restoreLink();

        assertThat(call.receive(TIMEOUT)).isEqualTo("patience");
        assertThat(requester.refused()).isZero();
    }

    /** Sends a request that the responder has in hand when the outage begins. */
    private void sendAndKeep(Requester<String, String> requester) throws InterruptedException {
        assertThat(before.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
        assertThat(new Recovery().askUntilAnswered(requester, "hello")).isEqualTo("hello");
    }

    @Test
    @Tag("checked") // once is enough, because it takes long
    void requestsEndAfterACutThatIsLongForAeronAndShortForThePeerTimeout() throws Exception {
        Requester<String, String> requester = connected(Duration.ofMinutes(1));
        sendAndKeep(requester);

        hosts.cutLink();
        assertThat(during.ask(requester, "during the outage")).isEqualTo(SendResult.ACCEPTED);
        Thread.sleep(12_000);
        assertThat(during.receiver().poll(() -> {})).isNotEqualTo(Poll.READY);
        hosts.restoreLink();

        Recovery recovery = new Recovery();
        assertThat(recovery.askUntilAnswered(requester, "release")).startsWith("released");
        recovery.assertEnds(before);
        recovery.assertEnds(during);
        assertThat(recovery.askUntilAnswered(requester, "again")).isEqualTo("again");
    }

    @Test
    @Tag("checked") // once is enough, because it takes long
    void requestsEndAfterTheResponderWasNotHeardThoughItHeardTheRequester() throws Exception {
        Requester<String, String> requester = connected(Duration.ofSeconds(30));
        sendAndKeep(requester);
        Call<String> releasing = new Call<>();

        hosts.muteThere();
        assertThat(during.ask(requester, "during the outage")).isEqualTo(SendResult.ACCEPTED);
        assertThat(releasing.ask(requester, "release")).isEqualTo(SendResult.ACCEPTED);
        Thread.sleep(6_000);
        assertThat(during.receiver().poll(() -> {})).isNotEqualTo(Poll.READY);
        hosts.unmuteThere();

        Recovery recovery = new Recovery();
        recovery.assertEnds(before);
        recovery.assertEnds(during);
        recovery.assertEnds(releasing);
        assertThat(recovery.askUntilAnswered(requester, "again")).isEqualTo("again");
    }
}
