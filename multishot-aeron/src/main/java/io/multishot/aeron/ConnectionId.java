package io.multishot.aeron;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** The payload of a heartbeat or bye: the random id that the requesting side drew for its connection. */
final class ConnectionId {
    static final int LENGTH = Long.BYTES;

    static final Encoder<Long> ENCODER = new Encoder<>() {
        @Override
        public int length(Long id) {
            return LENGTH;
        }

        @Override
        public void encode(Long id, MutableDirectBuffer buffer, int offset) {
            buffer.putLong(offset, id, LITTLE_ENDIAN);
        }
    };

    private ConnectionId() {}

    /** Returns the id; {@link RandomId#NONE} if the payload is malformed. */
    static long decode(DirectBuffer buffer, int offset, int length) {
        return length < LENGTH ? RandomId.NONE : buffer.getLong(offset, LITTLE_ENDIAN);
    }
}
