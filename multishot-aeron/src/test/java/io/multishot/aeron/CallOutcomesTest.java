package io.multishot.aeron;

import static io.multishot.aeron.Wire.NARROW;
import static io.multishot.aeron.Wire.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.multishot.Poll;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request that is not sent ends what its call had before, and one that cannot begin leaves everything as it was. */
@Timeout(60)
class CallOutcomesTest {
    private static final int NOBODYS_STREAM = 99;

    private final Wire wire = new Wire();
    private final Call<String> call = new Call<>();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
    private Asker<String, String> asker;

    @BeforeEach
    void connect() throws InterruptedException {
        Answerer unused = wire.answerer().channel(NARROW).open((request, sender) -> {
            if (request.equals("keep")) {
                kept.add(sender);
            } else {
                Wire.echo(request, sender);
            }
        });
        asker = wire.connected(wire.asker().channel(NARROW).capacity(1));
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private Asker<String, String> unconnected() {
        return wire.asker().stream(NOBODYS_STREAM).open();
    }

    /** Leaves a value in the receiver that nobody takes. */
    private void hasAValue() {
        assertThat(call.ask(asker, "earlier")).isEqualTo(Offer.ACCEPTED);
        await().until(() -> call.receiver().poll(() -> {}) == Poll.READY);
    }

    private void seesADrop() {
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.DROPPED);
    }

    private void works() throws Exception {
        assertThat(call.ask(asker, "still")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("still");
    }

    @Test
    void whenNobodyIsThereTheEarlierValueIsGone() throws Exception {
        hasAValue();

        assertThat(call.ask(unconnected(), "anybody?")).isEqualTo(Offer.NOT_CONNECTED);

        seesADrop();
        works();
    }

    @Test
    void whenTheAskerIsFullTheEarlierValueIsGone() throws Exception {
        hasAValue();
        Call<String> other = new Call<>();
        assertThat(other.ask(asker, "keep")).isEqualTo(Offer.ACCEPTED);

        assertThat(call.ask(asker, "one too many")).isEqualTo(Offer.FULL);

        seesADrop();
        assertThat(kept.take().send("free again")).isEqualTo(Offer.ACCEPTED);
        assertThat(other.receive(PATIENCE)).isEqualTo("free again");
        works();
    }

    @Test
    void whenTheRequestIsTooLargeTheEarlierValueIsGone() throws Exception {
        hasAValue();

        assertThatIllegalArgumentException().isThrownBy(() -> call.ask(asker, "x".repeat(10_000)));

        seesADrop();
        works();
    }

    @Test
    void aRequestInFlightIsLeftAloneWhoeverIsAskedNext() throws Exception {
        Asker<String, String> unconnected = unconnected();
        assertThat(call.ask(asker, "keep")).isEqualTo(Offer.ACCEPTED);

        assertThatIllegalStateException()
                .isThrownBy(() -> call.ask(unconnected, "second"))
                .withMessageContaining("in flight");

        assertThat(asker.inFlight()).isEqualTo(1);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);
        assertThat(kept.take().send("kept")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("kept");
    }

    @Test
    void aClosedCallAsksNobody() {
        Asker<String, String> unconnected = unconnected();
        call.receiver().close();

        assertThatIllegalStateException().isThrownBy(() -> call.ask(unconnected, "?"));
        assertThatIllegalStateException().isThrownBy(() -> call.ask(asker, "?"));

        assertThat(asker.inFlight()).isZero();
    }

    @Test
    void aReplyToAReceiverThatWasAbandonedIsCounted() throws Exception {
        assertThat(call.ask(asker, "keep")).isEqualTo(Offer.ACCEPTED);
        RemoteSender<String> sender = kept.take();
        assertThat(call.receiver().abandon()).isTrue();

        assertThat(sender.send("nobody looks")).isEqualTo(Offer.ACCEPTED);

        await().untilAsserted(() -> {
            assertThat(asker.refused()).isEqualTo(1);
            assertThat(asker.inFlight()).isZero();
        });
    }
}
