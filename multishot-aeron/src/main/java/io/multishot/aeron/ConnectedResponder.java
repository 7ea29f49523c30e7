package io.multishot.aeron;

/**
 * The responder, as its requester sees it. A new object each time it is found, so that the reference tells whether it
 * was lost since.
 */
final class ConnectedResponder {
    final long incarnation;

    /** The session, Aeron's, of what it sends. */
    final int image;

    ConnectedResponder(long incarnation, int image) {
        this.incarnation = incarnation;
        this.image = image;
    }
}
