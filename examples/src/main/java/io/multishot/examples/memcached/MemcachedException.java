package io.multishot.examples.memcached;

import java.io.IOException;
import java.util.Locale;

/** Says that memcached refused a request. The connection and the other requests go on. */
public final class MemcachedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    MemcachedException(int status, String message) {
        super(String.format(Locale.ROOT, "memcached refused the request: %s (status 0x%04x)", message, status));
        this.status = status;
    }

    /**
     * Returns what the server answered.
     *
     * @return the status of the binary protocol
     */
    public int status() {
        return status;
    }
}
