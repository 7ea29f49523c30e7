package io.multishot.aeron;

import static io.multishot.aeron.Wire.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Poll;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Outages that Aeron notices but the peer timeout allows, and such that only one of the two sides can notice. */
@Tag("checked") // so that it waits for that once only
@Timeout(120)
class LongOutagesTest {
    private static final String CHANNEL = "aeron:udp?endpoint=" + TwoHosts.THERE + ":40124";

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
        assertThat(before.ask(asker, "keep")).isEqualTo(Offer.ACCEPTED);
        assertThat(new Recovery().answered(asker, "hello")).isEqualTo("hello");
        return asker;
    }

    @Test
    void allEndsAfterACutThatIsLongForAeronAndShortForThePeerTimeout() throws Exception {
        Asker<String, String> asker = connected(Duration.ofMinutes(1));

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
    void allEndsAfterTheAnswererWasNotHeardThoughItHeardTheAsker() throws Exception {
        Asker<String, String> asker = connected(Duration.ofSeconds(30));
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
