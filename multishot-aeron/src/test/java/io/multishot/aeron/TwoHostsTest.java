package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.PATIENCE;
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

/** The responder on another host, and a cable between the two that is pulled and plugged in again. */
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
        responder = ChildProcess.start(TwoHosts.OVER_THERE, ResponderMain.class, CHANNEL);
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
        assertThat(requester.awaitConnected(PATIENCE)).isTrue();
        return requester;
    }

    private void answers(Requester<String, String> requester, String request, String reply) throws Exception {
        assertThat(call.ask(requester, request)).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo(reply);
    }

    @Test
    void requestsFailWhenTheCableIsPulledAndNewOnesWorkWhenItIsBack() throws Exception {
        Requester<String, String> requester = connected(Duration.ofMillis(500));
        answers(requester, "hello", "hello");
        Call<String> waiting = new Call<>();
        assertThat(waiting.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);

        hosts.pullOut();

        assertThatThrownBy(() -> waiting.receive(PATIENCE)).cause().isInstanceOf(PeerLostException.class);
        assertThat(call.ask(requester, "anybody?")).isEqualTo(SendResult.NOT_CONNECTED);

        hosts.plugIn();

        assertThat(requester.awaitConnected(PATIENCE)).isTrue();
        answers(requester, "again", "again");
        // the responder has never noticed: its late reply is refused, and the next request is not disturbed
        answers(requester, "release", "released 1");
        assertThat(requester.refused()).isEqualTo(1);
    }

    @Test
    void aCutThatIsShorterThanThePeerTimeoutOnlyTakesTime() throws Exception {
        Requester<String, String> requester = connected(Duration.ofMinutes(1));
        answers(requester, "hello", "hello");

        hosts.pullOut();
        assertThat(call.ask(requester, "patience")).isEqualTo(SendResult.ACCEPTED);
        Thread.sleep(1_000);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);
        hosts.plugIn();

        assertThat(call.receive(PATIENCE)).isEqualTo("patience");
        assertThat(requester.refused()).isZero();
    }

    /** One request that the responder has when the outage begins. */
    private void inHand(Requester<String, String> requester) throws InterruptedException {
        assertThat(before.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
        assertThat(new Recovery().answered(requester, "hello")).isEqualTo("hello");
    }

    @Test
    @Tag("checked") // so that it takes its time once only
    void allEndsAfterACutThatIsLongForAeronAndShortForThePeerTimeout() throws Exception {
        Requester<String, String> requester = connected(Duration.ofMinutes(1));
        inHand(requester);

        hosts.pullOut();
        assertThat(during.ask(requester, "in the dark")).isEqualTo(SendResult.ACCEPTED);
        Thread.sleep(12_000);
        assertThat(during.receiver().poll(() -> {})).isNotEqualTo(Poll.READY);
        hosts.plugIn();

        Recovery recovery = new Recovery();
        assertThat(recovery.answered(requester, "release")).startsWith("released");
        recovery.ends(before);
        recovery.ends(during);
        assertThat(recovery.answered(requester, "again")).isEqualTo("again");
    }

    @Test
    @Tag("checked") // so that it takes its time once only
    void allEndsAfterTheResponderWasNotHeardThoughItHeardTheRequester() throws Exception {
        Requester<String, String> requester = connected(Duration.ofSeconds(30));
        inHand(requester);
        Call<String> releasing = new Call<>();

        hosts.muteThere();
        assertThat(during.ask(requester, "in the dark")).isEqualTo(SendResult.ACCEPTED);
        assertThat(releasing.ask(requester, "release")).isEqualTo(SendResult.ACCEPTED);
        Thread.sleep(6_000);
        assertThat(during.receiver().poll(() -> {})).isNotEqualTo(Poll.READY);
        hosts.unmuteThere();

        Recovery recovery = new Recovery();
        recovery.ends(before);
        recovery.ends(during);
        recovery.ends(releasing);
        assertThat(recovery.answered(requester, "again")).isEqualTo("again");
    }
}
