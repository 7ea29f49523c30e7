package io.multishot.aeron;

/**
 * The responder that a requester is connected to. Each session gets a new object, so comparing references tells whether
 * the responder was lost meanwhile.
 */
final class ConnectedResponder {
    /** The id that the responder drew for its session with this requester. */
    final long sessionId;

    /** Aeron's session id of the responder's publication. */
    final int aeronSessionId;

    ConnectedResponder(long sessionId, int aeronSessionId) {
        this.sessionId = sessionId;
        this.aeronSessionId = aeronSessionId;
    }
}
