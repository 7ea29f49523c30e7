package io.multishot.aeron;

import org.agrona.DirectBuffer;

/**
 * Reads messages from Aeron's own buffers. Called on the {@link Engine}'s thread.
 *
 * @param <T> the type of the messages
 */
@FunctionalInterface
public interface Decoder<T> {
    /**
     * Reads a message. The buffer is Aeron's again when this returns, so keep nothing of it. The bytes come from the
     * wire: trust nothing about them. What this throws fails the request.
     *
     * @param buffer where to read
     * @param offset index of the first byte
     * @param length how many bytes belong to the message, 0 or more
     * @return the message, not null
     */
    T decode(DirectBuffer buffer, int offset, int length);
}
