package io.multishot.aeron;

import static io.multishot.aeron.Wire.PATIENCE;
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

/** The answerer on another host, and a cable between the two that is pulled and plugged in again. */
@Timeout(120)
class TwoHostsTest {
    private static final String CHANNEL = "aeron:udp?endpoint=" + TwoHosts.THERE + ":40123";

    private final Call<String> call = new Call<>();
    private final Call<String> before = new Call<>();
    private final Call<String> during = new Call<>();
    private TwoHosts hosts;
    private Child answerer;
    private Engine engine;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        hosts = TwoHosts.connect();
        answerer = Child.start(TwoHosts.OVER_THERE, AnswererMain.class, CHANNEL);
        engine = Engine.embedded();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        if (engine != null) {
            engine.close();
            answerer.kill();
            hosts.close();
        }
    }

    private Asker<String, String> connected(Duration peerTimeout) throws InterruptedException {
        Asker<String, String> asker = Asker.builder(engine, Codec.utf8(), Codec.utf8())
                .channel(CHANNEL)
                .peerTimeout(peerTimeout)
                .open();
        assertThat(asker.awaitConnected(PATIENCE)).isTrue();
        return asker;
    }

    private void answers(Asker<String, String> asker, String request, String reply) throws Exception {
        assertThat(call.ask(asker, request)).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo(reply);
    }

    @Test
    void requestsFailWhenTheCableIsPulledAndNewOnesWorkWhenItIsBack() throws Exception {
        Asker<String, String> asker = connected(Duration.ofMillis(500));
        answers(asker, "hello", "hello");
        Call<String> waiting = new Call<>();
        assertThat(waiting.ask(asker, "keep")).isEqualTo(Offer.ACCEPTED);

        hosts.pullOut();

        assertThatThrownBy(() -> waiting.receive(PATIENCE)).cause().isInstanceOf(PeerLostException.class);
        assertThat(call.ask(asker, "anybody?")).isEqualTo(Offer.NOT_CONNECTED);

        hosts.plugIn();

        assertThat(asker.awaitConnected(PATIENCE)).isTrue();
        answers(asker, "again", "again");
        // the answerer has never noticed: its late reply is refused, and the next request is not disturbed
        answers(asker, "release", "released 1");
        assertThat(asker.refused()).isEqualTo(1);
    }

    @Test
    void aCutThatIsShorterThanThePeerTimeoutOnlyTakesTime() throws Exception {
        Asker<String, String> asker = connected(Duration.ofMinutes(1));
        answers(asker, "hello", "hello");

        hosts.pullOut();
        assertThat(call.ask(asker, "patience")).isEqualTo(Offer.ACCEPTED);
        Thread.sleep(1_000);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);
        hosts.plugIn();

        assertThat(call.receive(PATIENCE)).isEqualTo("patience");
        assertThat(asker.refused()).isZero();
    }

    /** One request that the answerer has when the outage begins. */
    private void inHand(Asker<String, String> asker) throws InterruptedException {
        assertThat(before.ask(asker, "keep")).isEqualTo(Offer.ACCEPTED);
        assertThat(new Recovery().answered(asker, "hello")).isEqualTo("hello");
    }

    @Test
    @Tag("checked") // so that it takes its time once only
    void allEndsAfterACutThatIsLongForAeronAndShortForThePeerTimeout() throws Exception {
        Asker<String, String> asker = connected(Duration.ofMinutes(1));
        inHand(asker);

        hosts.pullOut();
        assertThat(during.ask(asker, "in the dark")).isEqualTo(Offer.ACCEPTED);
        Thread.sleep(12_000);
        assertThat(during.receiver().poll(() -> {})).isNotEqualTo(Poll.READY);
        hosts.plugIn();

        Recovery recovery = new Recovery();
        assertThat(recovery.answered(asker, "release")).startsWith("released");
        recovery.ends(before);
        recovery.ends(during);
        assertThat(recovery.answered(asker, "again")).isEqualTo("again");
    }

    @Test
    @Tag("checked") // so that it takes its time once only
    void allEndsAfterTheAnswererWasNotHeardThoughItHeardTheAsker() throws Exception {
        Asker<String, String> asker = connected(Duration.ofSeconds(30));
        inHand(asker);
        Call<String> releasing = new Call<>();

        hosts.muteThere();
        assertThat(during.ask(asker, "in the dark")).isEqualTo(Offer.ACCEPTED);
        assertThat(releasing.ask(asker, "release")).isEqualTo(Offer.ACCEPTED);
        Thread.sleep(6_000);
        assertThat(during.receiver().poll(() -> {})).isNotEqualTo(Poll.READY);
        hosts.unmuteThere();

        Recovery recovery = new Recovery();
        recovery.ends(before);
        recovery.ends(during);
        recovery.ends(releasing);
        assertThat(recovery.answered(asker, "again")).isEqualTo("again");
    }
}
