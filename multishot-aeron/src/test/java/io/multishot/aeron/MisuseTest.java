package io.multishot.aeron;

import static io.multishot.aeron.Wire.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who uses it wrongly is told, and nobody else suffers. */
@Timeout(60)
class MisuseTest {
    private final Wire wire = new Wire();
    private final Call<String> call = new Call<>();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        wire.close();
    }

    private RemoteSender<String> next(Asker<String, String> asker, String request) throws InterruptedException {
        assertThat(call.ask(asker, request)).isEqualTo(Offer.ACCEPTED);
        return kept.take();
    }

    private static void isConsumed(RemoteSender<String> sender) {
        assertThatIllegalStateException().isThrownBy(() -> sender.send("?")).withMessageContaining("already consumed");
        assertThatIllegalStateException().isThrownBy(() -> sender.fail(new Error()));
        assertThatIllegalStateException().isThrownBy(sender::drop);
    }

    @Test
    void aSenderIsGoodForOneUse() throws Exception {
        Answerer answerer = wire.answerer().open((request, sender) -> kept.add(sender));
        Asker<String, String> asker = wire.connected();

        RemoteSender<String> sender = next(asker, "first");
        assertThatNullPointerException().isThrownBy(() -> sender.send(null));
        assertThatNullPointerException().isThrownBy(() -> sender.fail(null));
        assertThat(sender.send("one")).isEqualTo(Offer.ACCEPTED);
        isConsumed(sender);

        assertThat(call.receive(PATIENCE)).isEqualTo("one");
        assertThat(answerer.inHand()).isZero();
    }

    @Test
    void aStaleGuardedSenderTouchesNoLaterRequest() throws Exception {
        Answerer unused = wire.answerer().guarded().capacity(1).open((request, sender) -> kept.add(sender));
        Asker<String, String> asker = wire.connected();
        RemoteSender<String> stale = next(asker, "first");
        assertThat(stale.send("one")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("one");

        RemoteSender<String> second = next(asker, "second");
        isConsumed(stale);

        assertThat(second).isNotSameAs(stale);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);
        assertThat(second.send("two")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("two");
    }

    @Test
    @Tag("checked")
    void withAssertionsEverySenderIsGuarded() throws Exception {
        Answerer unused = wire.answerer().capacity(1).open((request, sender) -> kept.add(sender));
        Asker<String, String> asker = wire.connected();
        RemoteSender<String> first = next(asker, "first");
        assertThat(first.drop()).isEqualTo(Offer.ACCEPTED);
        assertThatThrownBy(() -> call.receive(PATIENCE)).isInstanceOf(SenderDroppedException.class);
        assertThat(next(asker, "second")).isNotSameAs(first);
    }

    @Test
    @Tag("checked")
    void withAssertionsASenderThatIsLostDropsItsRequest() throws Exception {
        Answerer answerer = wire.answerer().capacity(1).open((request, sender) -> assertThat(sender.isAbandoned())
                .isFalse());
        Asker<String, String> asker = wire.connected();
        for (int i = 0; i < 3; i++) {
            assertThat(call.ask(asker, "lost")).isEqualTo(Offer.ACCEPTED);
            await().until(() -> {
                System.gc();
                return call.receiver().poll(() -> {}) == Poll.DROPPED;
            });
        }
        await().untilAsserted(() -> assertThat(answerer.inHand()).isZero());
    }

    @Test
    @Tag("unchecked")
    void withoutAssertionsTheSenderIsRecycled() throws Exception {
        Answerer unused = wire.answerer().capacity(1).open((request, sender) -> kept.add(sender));
        Asker<String, String> asker = wire.connected();
        RemoteSender<String> first = next(asker, "first");
        assertThat(first.send("one")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("one");
        assertThat(next(asker, "second")).isSameAs(first);
    }

    @Test
    void aCallHasOneRequestInFlight() throws Exception {
        Answerer unused = wire.answerer().open((request, sender) -> kept.add(sender));
        Asker<String, String> asker = wire.connected();
        RemoteSender<String> sender = next(asker, "first");

        assertThatIllegalStateException()
                .isThrownBy(() -> call.ask(asker, "second"))
                .withMessageContaining("giveUp()");

        assertThat(sender.send("one")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("one");
        assertThat(kept).isEmpty();
    }

    @Test
    void whatWasAbandonedBehindTheCallsBackIsTakenOutWithTheNextRequest() throws Exception {
        Answerer unused = wire.answerer().open((request, sender) -> kept.add(sender));
        Asker<String, String> asker = wire.connected();
        RemoteSender<String> late = next(asker, "first");
        assertThat(call.receiver().abandon()).isTrue();

        RemoteSender<String> second = next(asker, "second");

        assertThat(asker.inFlight()).isEqualTo(1);
        assertThat(late.send("late")).isEqualTo(Offer.ACCEPTED);
        assertThat(second.send("two")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("two");
        assertThat(asker.refused()).isEqualTo(1);
    }

    @Test
    void givingUpFreesTheCallAndTheTicket() throws Exception {
        Answerer unused = wire.answerer().open((request, sender) -> kept.add(sender));
        Asker<String, String> asker = wire.connected();
        assertThat(call.giveUp()).isFalse();
        RemoteSender<String> late = next(asker, "first");

        assertThat(call.giveUp()).isTrue();
        assertThat(call.giveUp()).isFalse();
        assertThat(asker.inFlight()).isZero();
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.DROPPED);

        assertThat(late.send("late")).isEqualTo(Offer.ACCEPTED);
        call.close();
        assertThat(call.receiver().isClosed()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> call.ask(asker, "?"));
        assertThat(asker.inFlight()).isZero();
    }

    @Test
    void whatIsClosedSaysSo() throws Exception {
        Answerer answerer = wire.answerer().open((request, sender) -> kept.add(sender));
        Asker<String, String> asker = wire.connected();
        RemoteSender<String> sender = next(asker, "first");

        assertThatIllegalStateException().isThrownBy(wire.engine::work);
        asker.close();
        asker.close();
        assertThatIllegalStateException().isThrownBy(() -> call.ask(asker, "?")).withMessageContaining("is closed");
        assertThatIllegalStateException().isThrownBy(() -> asker.awaitConnected(Duration.ofSeconds(1)));
        answerer.close();
        answerer.close();
        wire.engine.close();
        wire.engine.close();

        assertThat(sender.isAbandoned()).isTrue();
        assertThat(sender.send("nobody")).isEqualTo(Offer.NOT_CONNECTED);
        isConsumed(sender);
        assertThatIllegalStateException().isThrownBy(wire.asker()::open);
        assertThatIllegalStateException().isThrownBy(() -> wire.answerer().open(Wire::echo));
    }

    @Test
    void badSettingsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wire.asker().capacity(0).open());
        assertThatIllegalArgumentException().isThrownBy(() -> wire.answerer().capacity(0));
        assertThatIllegalArgumentException().isThrownBy(() -> wire.asker().peerTimeout(Duration.ofMillis(19)));
        assertThatIllegalArgumentException().isThrownBy(() -> wire.asker().peerTimeout(Duration.ofHours(2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wire.asker().channel("nonsense").open());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        wire.asker().channel("aeron:udp?control=localhost:1").open())
                .withMessageContaining("set replyChannel");
        assertThatNullPointerException().isThrownBy(() -> wire.asker().channel(null));
        assertThatNullPointerException().isThrownBy(() -> wire.answerer().open(null));
        assertThatNullPointerException().isThrownBy(() -> new Call<>((Receiver<String>) null));
    }
}
