package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Objects;

/**
 * Says that a request failed because its responder failed it. What crosses the wire is a code and a text: those of a
 * {@code RemoteFailureException} that the handler has thrown or failed the request with; of any other exception, 0 and
 * the exception's text. It is the cause of the {@link io.multishot.SenderFailedException} that the receiver throws.
 *
 * @since 0.1.0
 */
public final class RemoteFailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** See {@link #code()}. */
    private final int code;

    /**
     * Creates an exception for a handler to throw, or to fail a request with.
     *
     * @param code what the requester's program is to tell failures apart by; its meaning is yours
     * @param message what people read
     */
    public RemoteFailureException(int code, String message) {
        super(Objects.requireNonNull(message, "message"));
        this.code = code;
    }

    /**
     * Returns what the requester's program can tell failures apart by.
     *
     * @return the code; 0 if the responder gave none
     */
    @CheckReturnValue
    public int code() {
        return code;
    }
}
