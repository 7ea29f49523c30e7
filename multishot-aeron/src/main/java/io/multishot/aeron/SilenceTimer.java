package io.multishot.aeron;

import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;

/**
 * Measures for how long a responder has been silent. The first stall of this side within a silence does not count: if
 * the engine's thread, its process or its machine was stalled, heartbeats may wait unread, and the responder may have
 * been stalled with it.
 */
final class SilenceTimer {
    /** Checks that are further apart than the responder's heartbeats mean that this side was stalled. */
    private final long heartbeatNanos;

    /**
     * Whether the message is the responder's of which the last fragment was a part. Responders that share a driver may
     * share an image, too.
     */
    private boolean fromResponder;

    private boolean heard;

    /** One stall is excused in a silence. Otherwise a thread that is always stalled would never notice a loss. */
    private boolean stallExcused;

    private long silentSince;
    private long lastCheck;

    SilenceTimer(long heartbeatNanos, long now) {
        this.heartbeatNanos = heartbeatNanos;
        silentSince = now;
        lastCheck = now;
    }

    /**
     * Records a fragment. Each part of a long message proves that its sender is alive. Within an image, all fragments
     * of a message come before the first one of the next.
     */
    void onFragment(ConnectedResponder responder, DirectBuffer buffer, int offset, int length, Header header) {
        if (header.sessionId() != responder.aeronSessionId) {
            return;
        }
        if ((header.flags() & FrameDescriptor.BEGIN_FRAG_FLAG) != 0) {
            fromResponder =
                    Frame.isValid(buffer, offset, length) && Frame.sessionId(buffer, offset) == responder.sessionId;
        }
        heard |= fromResponder;
    }

    /** Records that the responder was heard. */
    void onHeard() {
        heard = true;
    }

    /** Returns how long the silence has lasted at this check, less the stall that is excused. */
    long check(long now) {
        if (heard) {
            heard = false;
            stallExcused = false;
            silentSince = now;
        } else if (!stallExcused && now - lastCheck > heartbeatNanos) {
            stallExcused = true;
            silentSince += now - lastCheck;
        }
        lastCheck = now;
        return now - silentSince;
    }
}
