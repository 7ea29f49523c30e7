package io.multishot.aeron;

import org.agrona.MutableDirectBuffer;

/**
 * Encodes messages, straight into Aeron's buffers. Called on the threads that send requests or replies, concurrently,
 * so it must be thread-safe. It must not block: messages that are written to the same log after this one wait for it.
 *
 * @param <T> the type of the messages
 * @since 0.1.0
 */
public interface Encoder<T> {
    /**
     * Returns how many bytes {@link #encode} will write.
     *
     * @param message the message
     * @return its length in bytes, 0 or more
     */
    int length(T message);

    /**
     * Encodes a message, into as many bytes as {@link #length} has returned for it; the buffer ends there. If this
     * throws, nothing is sent, and the exception propagates to the caller.
     *
     * @param message the message
     * @param buffer the buffer to write to
     * @param offset index of the first byte
     */
    void encode(T message, MutableDirectBuffer buffer, int offset);
}
