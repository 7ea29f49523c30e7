package io.multishot.aeron;

/**
 * Why a request failed: its responder says so. The message is the text of the exception there, which does not cross the
 * wire itself. It is the cause of the {@link io.multishot.SenderFailedException} that the receiver throws.
 */
public final class RemoteFailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RemoteFailureException(String message) {
        super(message);
    }
}
