package io.multishot.aeron;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Copies byte arrays unchanged. */
enum BytesCodec implements Codec<byte[]> {
    INSTANCE;

    @Override
    public int length(byte[] message) {
        return message.length;
    }

    @Override
    public void encode(byte[] message, MutableDirectBuffer buffer, int offset) {
        buffer.putBytes(offset, message);
    }

    @Override
    public byte[] decode(DirectBuffer buffer, int offset, int length) {
        byte[] message = new byte[length];
        buffer.getBytes(offset, message);
        return message;
    }
}
