package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
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

/** Misuse throws, and does not affect other requests. */
@Timeout(60)
class RemoteMisuseTest {
    private final EngineFixture fixture = new EngineFixture();
    private final Call<String> call = new Call<>();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    private RemoteSender<String> next(Requester<String, String> requester, String request) throws InterruptedException {
        assertThat(call.ask(requester, request)).isEqualTo(SendResult.ACCEPTED);
        return kept.take();
    }

    private static void assertConsumed(RemoteSender<String> sender) {
        assertThatIllegalStateException().isThrownBy(() -> sender.send("?")).withMessageContaining("already consumed");
        assertThatIllegalStateException().isThrownBy(() -> sender.fail(new Error()));
        assertThatIllegalStateException().isThrownBy(sender::drop);
    }

    @Test
    void aSenderIsGoodForOneUse() throws Exception {
        Responder responder = fixture.responder().open((request, sender) -> kept.add(sender));
        Requester<String, String> requester = fixture.connected();

        RemoteSender<String> sender = next(requester, "first");
        assertThatNullPointerException().isThrownBy(() -> sender.send(null));
        assertThatNullPointerException().isThrownBy(() -> sender.fail(null));
        assertThat(sender.send("one")).isEqualTo(SendResult.ACCEPTED);
        assertConsumed(sender);

        assertThat(call.receive(TIMEOUT)).isEqualTo("one");
        assertThat(responder.inHand()).isZero();
    }

    @Test
    void aRequestThatTheResponderWouldNotTakeIsNotSent() throws Exception {
        Responder responder = fixture.responder().maxRequestLength(5_000).open(EngineFixture::echo);
        Requester<String, String> requester = fixture.connected();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> call.ask(requester, "x".repeat(5_001)))
                .withMessageContaining("has 5001 bytes")
                .withMessageContaining("takes at most 5000");
        assertThat(requester.inFlight()).isZero();
        assertThat(call.ask(requester, "x".repeat(5_000))).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).hasSize(5_000);
        assertThat(responder.ignored()).isZero();
    }

    @Test
    void aReplyThatTheRequesterWouldNotTakeIsNotSent() throws Exception {
        Responder unused = fixture.responder().open((request, sender) -> kept.add(sender));
        Requester<String, String> requester =
                fixture.requester().maxReplyLength(5_000).open();
        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();

        RemoteSender<String> sender = next(requester, "?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sender.send("x".repeat(5_001)))
                .withMessageContaining("has 5001 bytes")
                .withMessageContaining("takes at most 5000");
        assertThat(sender.send("x".repeat(5_000))).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).hasSize(5_000);
        assertThat(requester.ignored()).isZero();
    }

    @Test
    void aStaleSenderCannotReplyToALaterRequest() throws Exception {
        Responder unused = fixture.responder().capacity(1).open((request, sender) -> kept.add(sender));
        Requester<String, String> requester = fixture.connected();
        RemoteSender<String> stale = next(requester, "first");
        assertThat(stale.send("one")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("one");

        RemoteSender<String> second = next(requester, "second");
        assertConsumed(stale);

        assertThat(second).isNotSameAs(stale);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);
        assertThat(second.send("two")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("two");
    }

    @Test
    @Tag("checked")
    void withAssertionsNoSenderIsRecycled() throws Exception {
        Responder unused = fixture.responder().recycling().capacity(1).open((request, sender) -> kept.add(sender));
        Requester<String, String> requester = fixture.connected();
        RemoteSender<String> first = next(requester, "first");
        assertThat(first.drop()).isEqualTo(SendResult.ACCEPTED);
        assertThatThrownBy(() -> call.receive(TIMEOUT)).isInstanceOf(SenderDroppedException.class);
        assertThat(next(requester, "second")).isNotSameAs(first);
    }

    @Test
    @Tag("checked")
    void withAssertionsALeakedSenderDropsItsRequest() throws Exception {
        Responder responder = fixture.responder()
                .capacity(1)
                .open((request, sender) -> assertThat(sender.isAbandoned()).isFalse());
        Requester<String, String> requester = fixture.connected();
        for (int i = 0; i < 3; i++) {
            assertThat(call.ask(requester, "leaked")).isEqualTo(SendResult.ACCEPTED);
            await().until(() -> {
                System.gc();
                return call.receiver().poll(() -> {}) == Poll.DROPPED;
            });
        }
        await().untilAsserted(() -> assertThat(responder.inHand()).isZero());
    }

    @Test
    @Tag("unchecked")
    void aRecyclingResponderRecyclesTheSender() throws Exception {
        Responder unused = fixture.responder().recycling().capacity(1).open((request, sender) -> kept.add(sender));
        Requester<String, String> requester = fixture.connected();
        RemoteSender<String> first = next(requester, "first");
        assertThat(first.send("one")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("one");
        assertThat(next(requester, "second")).isSameAs(first);
    }

    @Test
    void aCallHasOneRequestInFlight() throws Exception {
        Responder unused = fixture.responder().open((request, sender) -> kept.add(sender));
        Requester<String, String> requester = fixture.connected();
        RemoteSender<String> sender = next(requester, "first");

        assertThatIllegalStateException()
                .isThrownBy(() -> call.ask(requester, "second"))
                .withMessageContaining("giveUp()");

        assertThat(sender.send("one")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("one");
        assertThat(kept).isEmpty();
    }

    @Test
    void aRequestAbandonedViaTheReceiverIsDroppedByTheNextOne() throws Exception {
        Responder unused = fixture.responder().open((request, sender) -> kept.add(sender));
        Requester<String, String> requester = fixture.connected();
        RemoteSender<String> late = next(requester, "first");
        assertThat(call.receiver().abandon()).isTrue();

        RemoteSender<String> second = next(requester, "second");

        assertThat(requester.inFlight()).isEqualTo(1);
        assertThat(late.send("late")).isEqualTo(SendResult.ACCEPTED);
        assertThat(second.send("two")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("two");
        assertThat(requester.refused()).isEqualTo(1);
    }

    @Test
    void givingUpFreesTheCallAndTheTicket() throws Exception {
        Responder unused = fixture.responder().open((request, sender) -> kept.add(sender));
        Requester<String, String> requester = fixture.connected();
        assertThat(call.giveUp()).isFalse();
        RemoteSender<String> late = next(requester, "first");

        assertThat(call.giveUp()).isTrue();
        assertThat(call.giveUp()).isFalse();
        assertThat(requester.inFlight()).isZero();
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.DROPPED);

        assertThat(late.send("late")).isEqualTo(SendResult.ACCEPTED);
        call.close();
        assertThat(call.receiver().isClosed()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> call.ask(requester, "?"));
        assertThat(requester.inFlight()).isZero();
    }

    @Test
    void aClosedObjectSaysThatItIsClosed() throws Exception {
        Responder responder = fixture.responder().open((request, sender) -> kept.add(sender));
        Requester<String, String> requester = fixture.connected();
        RemoteSender<String> sender = next(requester, "first");

        assertThatIllegalStateException().isThrownBy(fixture.engine::work);
        requester.close();
        requester.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> call.ask(requester, "?"))
                .withMessageContaining("is closed");
        assertThatIllegalStateException().isThrownBy(() -> requester.awaitConnected(Duration.ofSeconds(1)));
        responder.close();
        responder.close();
        fixture.engine.close();
        fixture.engine.close();

        assertThat(sender.isAbandoned()).isTrue();
        assertThat(sender.send("unwanted")).isEqualTo(SendResult.NOT_CONNECTED);
        assertConsumed(sender);
        assertThatIllegalStateException().isThrownBy(fixture.requester()::open);
        assertThatIllegalStateException().isThrownBy(() -> fixture.responder().open(EngineFixture::echo));
    }

    @Test
    void invalidSettingsAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.requester().capacity(0).open());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.responder().capacity(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.requester().peerTimeout(Duration.ofMillis(19)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.requester().peerTimeout(Duration.ofHours(2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.requester().channel("nonsense").open());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.requester()
                        .channel("aeron:udp?control=localhost:1")
                        .open())
                .withMessageContaining("set replyChannel");
        assertThatNullPointerException().isThrownBy(() -> fixture.requester().channel(null));
        assertThatNullPointerException().isThrownBy(() -> fixture.responder().open(null));
        assertThatNullPointerException().isThrownBy(() -> new Call<>((Receiver<String>) null));
    }
}
