package io.multishot.examples.wire;

import java.io.IOException;

/**
 * Says that a connection is lost, or could not be made: nothing in flight on it has a reply, and nothing later will.
 */
public final class ConnectionLostException extends IOException {
    private static final long serialVersionUID = 1L;

    ConnectionLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
