package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * Says that a request of a {@link HedgedCall} was not sent to one of its responders.
 *
 * @since 0.1.0
 */
public final class RequestNotSentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** See {@link #result()}. */
    private final SendResult result;

    RequestNotSentException(Requester<?, ?> requester, SendResult result) {
        super("nothing was sent by the " + requester + ": " + result);
        this.result = result;
    }

    /**
     * Returns why it was not sent.
     *
     * @return any but {@link SendResult#ACCEPTED}
     */
    @CheckReturnValue
    public SendResult result() {
        return result;
    }
}
