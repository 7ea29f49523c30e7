package io.multishot.aeron;

/**
 * Says that a request failed because its responder is gone or unreachable. Whether the responder has carried out the
 * request is unknown. It is the cause of the {@link io.multishot.SenderFailedException} that the receiver throws.
 *
 * @since 0.1.0
 */
public final class PeerLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PeerLostException(String message) {
        super(message);
    }
}
