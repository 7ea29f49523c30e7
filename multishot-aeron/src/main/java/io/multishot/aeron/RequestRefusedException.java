package io.multishot.aeron;

/**
 * Says that a request failed because its responder had no place for it. It was not handed to a handler, and will not
 * be, so it is safe to ask again, later or elsewhere. It is the cause of the {@link io.multishot.SenderFailedException}
 * that the receiver throws.
 *
 * @since 0.1.0
 */
public final class RequestRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RequestRefusedException(String message) {
        super(message);
    }
}
