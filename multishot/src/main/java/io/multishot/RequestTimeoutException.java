package io.multishot;

import java.util.concurrent.TimeoutException;

/**
 * Says that a request got no reply before its deadline: the cause that {@link ReplyTable#expire} and
 * {@link ReplyQueue#expire} fail it with. All requests that one call fails share one exception, whose stack trace is
 * that of the call.
 *
 * @since 0.1.0
 */
public final class RequestTimeoutException extends TimeoutException {
    private static final long serialVersionUID = 1;

    RequestTimeoutException(String message) {
        super(message);
    }
}
