package io.multishot;

/**
 * Says that the sender {@linkplain Sender#fail(Throwable) failed} the round; {@link #getCause()} says why.
 *
 * @since 0.1.0
 */
public final class SenderFailedException extends ReceiveException {
    private static final long serialVersionUID = 1L;

    SenderFailedException(Throwable cause) {
        super("the sender failed the round: " + cause.getClass().getName(), cause);
    }
}
