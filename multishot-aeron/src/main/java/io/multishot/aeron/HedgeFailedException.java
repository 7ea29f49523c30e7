package io.multishot.aeron;

/**
 * Says that no responder of a {@link HedgedCall} has replied with a value. Its cause is the last failure; the others
 * are suppressed, in the order in which they came. Each is what the responder has failed the request with, a
 * {@link PeerLostException}, a {@link RequestRefusedException}, a {@link RequestNotSentException}, a
 * {@link io.multishot.SenderDroppedException} or what {@link Call#ask} has thrown.
 *
 * @since 0.1.0
 */
public final class HedgeFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    HedgeFailedException(Throwable last) {
        super("no responder has replied with a value; the last failure: " + last, last);
    }
}
