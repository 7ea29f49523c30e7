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
 * Which session a requester considers current after the heartbeats of several. Late frames of a replaced session must
 * not bring it back.
 */
@Timeout(60)
class ResponderReplacementTest {
    private static final int UNKNOWN_KIND = 99;

    private final EngineFixture fixture = new EngineFixture();
    private final FrameWriter writer = new FrameWriter();
    private Requester<String, String> requester;
    private Publication replies;
    private int markersSent;

    @BeforeEach
    void open() {
        open(Duration.ofMinutes(1));
    }

    private void open(Duration peerTimeout) {
        requester = fixture.requester().peerTimeout(peerTimeout).open();
        replies = fixture.engine.aeron().addPublication("aeron:ipc", Long.hashCode(requester.connection.id));
        await().until(() -> replies.availableWindow() > 0);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Sends a frame, and returns the requester's current session once the frame is received; 0 for none. */
    private long sessionAfter(int kind, long sessionId) {
        send(kind, sessionId);
        send(UNKNOWN_KIND, 0);
        markersSent++;
        await().until(() -> requester.ignored() == markersSent);
        ConnectedResponder responder = requester.connection.responder();
        return responder == null ? 0 : responder.sessionId;
    }

    private void send(int kind, long sessionId) {
        assertThat(writer.header(kind, 0, sessionId, requester.inbox.number, 0, Frame.NO_TICKET)
                        .send(replies, ConnectionId.ENCODER, requester.connection.id, ConnectionId.LENGTH))
                .isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    void lateFramesOfAReplacedSessionAreIgnored() {
        assertThat(sessionAfter(Frame.HEARTBEAT, 1)).isEqualTo(1);
        assertThat(sessionAfter(Frame.HEARTBEAT, 2)).isEqualTo(2);
        assertThat(sessionAfter(Frame.HEARTBEAT, 1)).isEqualTo(2);
        assertThat(sessionAfter(Frame.BYE, 1)).isEqualTo(2);
        assertThat(sessionAfter(Frame.HEARTBEAT, 3)).isEqualTo(3);
    }

    @Test
    void aSessionThatEndedWithAByeDoesNotComeBack() {
        assertThat(sessionAfter(Frame.BYE, 1)).isZero();
        assertThat(sessionAfter(Frame.HEARTBEAT, 1)).isEqualTo(1);
        assertThat(sessionAfter(Frame.BYE, 1)).isZero();
        assertThat(sessionAfter(Frame.HEARTBEAT, 1)).isZero();
        assertThat(sessionAfter(Frame.HEARTBEAT, 2)).isEqualTo(2);
    }

    /** Both share a publication, as responders of one driver do: a fragment may be of either. */
    @Test
    void aSilentSuccessorIsLostThoughItsPredecessorIsHeard() {
        open(Duration.ofMillis(200));
        send(Frame.HEARTBEAT, 1);
        send(Frame.HEARTBEAT, 2);
        await().until(() -> requester.isConnected() && requester.connection.responder().sessionId == 2);

        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            send(Frame.HEARTBEAT, 1);
            ConnectedResponder responder = requester.connection.responder();
            return responder != null && responder.sessionId == 1;
        });
    }

    @Test
    void onlyAHeartbeatBeginsASession() {
        for (int kind : new int[] {Frame.VALUE, Frame.FAILURE, Frame.DROP, Frame.BYE}) {
            assertThat(sessionAfter(kind, 1)).isZero();
        }
        assertThat(requester.refused()).isEqualTo(3);
    }

    /** Only one of two responders at the same address gets requests, so the operator must know. */
    @Test
    void aRivalIsReported() {
        try (CapturedLog log = new CapturedLog()) {
            assertThat(sessionAfter(Frame.HEARTBEAT, 1)).isEqualTo(1);
            for (int i = 0; i < 20; i++) {
                assertThat(sessionAfter(Frame.HEARTBEAT, 2)).isEqualTo(2);
                assertThat(sessionAfter(Frame.HEARTBEAT, 1)).isEqualTo(2);
            }
            assertThat(log.with("two responders")).hasSize(1);
        }
    }
}
