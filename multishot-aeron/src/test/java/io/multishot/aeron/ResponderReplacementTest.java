package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeron.Publication;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Which responder a requester believes in, when several have sent signs of life: what the last one has left is not to
 * be believed.
 */
@Timeout(60)
class ResponderReplacementTest {
    private static final int KIND_OF_NO_MEANING = 99;

    private final EngineFixture fixture = new EngineFixture();
    private final FrameWriter writer = new FrameWriter();
    private Requester<String, String> requester;
    private Publication replies;
    private int marks;

    @BeforeEach
    void open() {
        open(Duration.ofMinutes(1));
    }

    private void open(Duration peerTimeout) {
        requester = fixture.requester().peerTimeout(peerTimeout).open();
        replies = fixture.engine.aeron().addPublication("aeron:ipc", Long.hashCode(requester.link.incarnation));
        await().until(() -> replies.availableWindow() > 0);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Sends this, and returns whom the requester believes in when it has got it; 0 for nobody. */
    private long after(int kind, long responder) {
        send(kind, responder);
        send(KIND_OF_NO_MEANING, 0);
        marks++;
        await().until(() -> requester.ignored() == marks);
        ConnectedResponder peer = requester.link.peer();
        return peer == null ? 0 : peer.incarnation;
    }

    private void send(int kind, long responder) {
        assertThat(writer.write(replies, kind, requester.link.incarnation, responder, 0))
                .isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    void theSuccessorIsBelievedAndWhatTheOneBeforeHasLeftIsNot() {
        assertThat(after(Frame.ALIVE, 1)).isEqualTo(1);
        assertThat(after(Frame.ALIVE, 2)).isEqualTo(2);
        assertThat(after(Frame.ALIVE, 1)).isEqualTo(2);
        assertThat(after(Frame.BYE, 1)).isEqualTo(2);
        assertThat(after(Frame.ALIVE, 3)).isEqualTo(3);
    }

    @Test
    void whoHasSaidGoodbyeIsGone() {
        assertThat(after(Frame.BYE, 1)).isZero();
        assertThat(after(Frame.ALIVE, 1)).isEqualTo(1);
        assertThat(after(Frame.BYE, 1)).isZero();
        assertThat(after(Frame.ALIVE, 1)).isZero();
        assertThat(after(Frame.ALIVE, 2)).isEqualTo(2);
    }

    /** They share a publication, for they share a driver: what comes by it is not all the successor's. */
    @Test
    void aSuccessorThatIsSilentIsLostThoughTheOneBeforeIsNot() {
        open(Duration.ofMillis(200));
        send(Frame.ALIVE, 1);
        send(Frame.ALIVE, 2);
        await().until(() -> requester.isConnected() && requester.link.peer().incarnation == 2);

        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            send(Frame.ALIVE, 1);
            ConnectedResponder peer = requester.link.peer();
            return peer != null && peer.incarnation == 1;
        });
    }

    @Test
    void onlyASignOfLifeMakesAResponderKnown() {
        for (int kind : new int[] {Frame.VALUE, Frame.FAILURE, Frame.DROP, Frame.BYE}) {
            assertThat(after(kind, 1)).isZero();
        }
        assertThat(requester.refused()).isEqualTo(3);
    }
}
