package io.multishot.aeron;

import org.agrona.DirectBuffer;

/**
 * Decodes messages, straight from Aeron's buffers. Called on the {@link Engine}'s thread.
 *
 * @param <T> the type of the messages
 * @since 0.1.0
 */
@FunctionalInterface
public interface Decoder<T> {
    /**
     * Decodes a message. Aeron reuses the buffer when this returns, so keep no reference to it. The bytes come from the
     * network: do not trust them. If this throws, the request fails with the exception.
     *
     * @param buffer the buffer to read from
     * @param offset index of the first byte
     * @param length the number of bytes of the message, 0 or more
     * @return the message, not null
     */
    T decode(DirectBuffer buffer, int offset, int length);
}
