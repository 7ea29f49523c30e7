package io.multishot.aeron;

import org.agrona.MutableDirectBuffer;

/**
 * Writes messages into Aeron's own buffers. Called on the threads that ask or answer, by several at once, so it keeps
 * no state that is not its thread's own. It must not wait for anything: whatever else is written to the same log waits
 * for it.
 *
 * @param <T> the type of the messages
 */
public interface Encoder<T> {
    /**
     * Tells how many bytes {@link #encode} will write.
     *
     * @param message the message
     * @return its length in bytes, 0 or more
     */
    int length(T message);

    /**
     * Writes the message: as many bytes as {@link #length} has told of it. The buffer ends there. What this throws
     * reaches the caller, and nothing is sent.
     *
     * @param message the message
     * @param buffer where to write it
     * @param offset index of the first byte
     */
    void encode(T message, MutableDirectBuffer buffer, int offset);
}
