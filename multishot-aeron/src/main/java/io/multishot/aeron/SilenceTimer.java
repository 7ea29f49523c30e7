package io.multishot.aeron;

import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;

/**
 * For how long a responder was not heard, though it could have been. When the thread that listens was held up, or its
 * whole process or machine was, then what the responder has sent may not have been taken in yet, and the responder may
 * have been held up as well.
 */
final class SilenceTimer {
    /** Whoever looks this rarely is held up: the responder speaks as often. */
    private final long beatNanos;

    /** Is the message the responder's, of which a part came last? Responders that use one driver may share an image. */
    private boolean itSpeaks;

    private boolean broken;

    /** A thread that is always held up would never find out. */
    private boolean excused;

    private long since;
    private long lastLook;

    SilenceTimer(long beatNanos, long now) {
        this.beatNanos = beatNanos;
        since = now;
        lastLook = now;
    }

    /**
     * A message, or a part of one. Whoever is in the middle of a long one is alive. In an image, all parts of a message
     * come before the next one begins.
     */
    void heard(ConnectedResponder responder, DirectBuffer buffer, int offset, int length, Header header) {
        if (header.sessionId() != responder.image) {
            return;
        }
        if ((header.flags() & FrameDescriptor.BEGIN_FRAG_FLAG) != 0) {
            itSpeaks =
                    Frame.isValid(buffer, offset, length) && Frame.responder(buffer, offset) == responder.incarnation;
        }
        broken |= itSpeaks;
    }

    /** The responder was heard, since the last look. */
    void end() {
        broken = true;
    }

    /** Returns how long it has lasted, less the first time in it for which this thread was held up. */
    long look(long now) {
        if (broken) {
            broken = false;
            excused = false;
            since = now;
        } else if (!excused && now - lastLook > beatNanos) {
            excused = true;
            since += now - lastLook;
        }
        lastLook = now;
        return now - since;
    }
}
