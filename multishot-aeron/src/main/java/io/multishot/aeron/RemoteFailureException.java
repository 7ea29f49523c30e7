package io.multishot.aeron;

/**
 * Says that a request failed because its responder failed it. The message is the text of the responder's exception; the
 * exception itself does not cross the wire. It is the cause of the {@link io.multishot.SenderFailedException} that the
 * receiver throws.
 */
public final class RemoteFailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RemoteFailureException(String message) {
        super(message);
    }
}
