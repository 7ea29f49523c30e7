package io.multishot.aeron;

import io.aeron.Publication;

/**
 * The responder that a connection leads to. Each session gets a new object, so comparing references tells whether the
 * responder was lost meanwhile.
 */
final class ConnectedResponder {
    /** The id that the responder drew for its session with this side. */
    final long sessionId;

    /** Aeron's session id of the responder's publication. */
    final int aeronSessionId;

    /** Where requests are written. */
    final Publication publication;

    /** The longest request that it takes, in bytes. */
    final int maxRequestLength;

    ConnectedResponder(long sessionId, int aeronSessionId, Publication publication, int maxRequestLength) {
        this.sessionId = sessionId;
        this.aeronSessionId = aeronSessionId;
        this.publication = publication;
        this.maxRequestLength = maxRequestLength;
    }
}
