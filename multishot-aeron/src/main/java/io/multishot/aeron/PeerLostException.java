package io.multishot.aeron;

/**
 * Why a request failed: its responder is gone, or cannot be heard. Whether it has carried the request out is unknown.
 * It is the cause of the {@link io.multishot.SenderFailedException} that the receiver throws.
 */
public final class PeerLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PeerLostException(String message) {
        super(message);
    }
}
