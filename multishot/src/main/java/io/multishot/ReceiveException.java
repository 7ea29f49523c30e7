package io.multishot;

/**
 * Says that a round ended without a value. Thrown by the methods of {@link Receiver} that return a value; it ends the
 * round.
 *
 * @since 0.1.0
 */
public abstract sealed class ReceiveException extends RuntimeException
        permits SenderDroppedException, SenderFailedException {
    private static final long serialVersionUID = 1L;

    ReceiveException(String message) {
        super(message);
    }

    ReceiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
