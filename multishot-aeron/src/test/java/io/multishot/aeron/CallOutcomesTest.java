package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.NARROW;
import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.multishot.Poll;
import io.multishot.Receiver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request that is not sent discards the outcome that its call had; one that cannot begin changes nothing. */
@Timeout(60)
class CallOutcomesTest {
    private static final int UNUSED_STREAM = 99;

    private final EngineFixture fixture = new EngineFixture();
    private final Call<String> call = new Call<>();
    private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
    private Requester<String, String> requester;

    @BeforeEach
    void connect() throws InterruptedException {
        Responder unused = fixture.responder().channel(NARROW).open((request, sender) -> {
            if (request.equals("keep")) {
                kept.add(sender);
            } else {
                EngineFixture.echo(request, sender);
            }
        });
        requester = fixture.connected(fixture.requester().channel(NARROW).capacity(1));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Requester<String, String> unconnected() {
        return fixture.requester().stream(UNUSED_STREAM).open();
    }

    /** Leaves a value in the receiver. */
    private void receiveWithoutTaking() {
        assertThat(call.ask(requester, "earlier")).isEqualTo(SendResult.ACCEPTED);
        await().until(() -> call.receiver().poll(() -> {}) == Poll.READY);
    }

    private void assertDropped() {
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.DROPPED);
    }

    private void assertWorks() throws Exception {
        assertThat(call.ask(requester, "still")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("still");
    }

    @Test
    void aRequestWithoutAResponderDiscardsTheEarlierValue() throws Exception {
        receiveWithoutTaking();

        assertThat(call.ask(unconnected(), "anybody?")).isEqualTo(SendResult.NOT_CONNECTED);

        assertDropped();
        assertWorks();
    }

    @Test
    void aRequestToAFullRequesterDiscardsTheEarlierValue() throws Exception {
        receiveWithoutTaking();
        Call<String> other = new Call<>();
        assertThat(other.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);

        assertThat(call.ask(requester, "one too many")).isEqualTo(SendResult.FULL);

        assertDropped();
        assertThat(kept.take().send("free again")).isEqualTo(SendResult.ACCEPTED);
        assertThat(other.receive(TIMEOUT)).isEqualTo("free again");
        assertWorks();
    }

    @Test
    void aRequestThatIsTooLargeDiscardsTheEarlierValue() throws Exception {
        receiveWithoutTaking();

        assertThatIllegalArgumentException().isThrownBy(() -> call.ask(requester, "x".repeat(10_000)));

        assertDropped();
        assertWorks();
    }

    @Test
    void aSecondRequestDoesNotAffectTheOneInFlight() throws Exception {
        Requester<String, String> unconnected = unconnected();
        assertThat(call.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);

        assertThatIllegalStateException()
                .isThrownBy(() -> call.ask(unconnected, "second"))
                .withMessageContaining("in flight");

        assertThat(requester.inFlight()).isEqualTo(1);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);
        assertThat(kept.take().send("kept")).isEqualTo(SendResult.ACCEPTED);
        assertThat(call.receive(TIMEOUT)).isEqualTo("kept");
    }

    @Test
    void aClosedCallSendsNothing() {
        Requester<String, String> unconnected = unconnected();
        call.receiver().close();

        assertThatIllegalStateException().isThrownBy(() -> call.ask(unconnected, "?"));
        assertThatIllegalStateException().isThrownBy(() -> call.ask(requester, "?"));

        assertThat(requester.inFlight()).isZero();
    }

    @Test
    void aReplyToAnAbandonedReceiverIsCounted() throws Exception {
        assertThat(call.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
        RemoteSender<String> sender = kept.take();
        assertThat(call.receiver().abandon()).isTrue();

        assertThat(sender.send("unwanted")).isEqualTo(SendResult.ACCEPTED);

        await().untilAsserted(() -> {
            assertThat(requester.refused()).isEqualTo(1);
            assertThat(requester.inFlight()).isZero();
        });
    }

    /** None of these calls asks again, so none drops its ticket; and the server never replies. */
    @Test
    void callsThatGiveTheirRequestsUpHoldNoPlaceForever() throws Exception {
        for (int i = 0; i < 20; i++) {
            Call<String> leaving = new Call<>(i % 2 == 0 ? new Receiver<>() : Receiver.recycling());
            assertThat(leaving.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
            if (i % 3 == 0) {
                leaving.receiver().close();
            } else {
                assertThat(leaving.receiver().abandon()).isTrue();
            }
        }
        assertWorks();
    }
}
