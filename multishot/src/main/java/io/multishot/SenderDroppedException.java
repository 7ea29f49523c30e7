package io.multishot;

/**
 * Says that no value will come: the sender was {@linkplain Sender#drop() dropped}, or no round was begun.
 *
 * @since 0.1.0
 */
public final class SenderDroppedException extends ReceiveException {
    private static final long serialVersionUID = 1L;

    SenderDroppedException(String message) {
        super(message);
    }
}
