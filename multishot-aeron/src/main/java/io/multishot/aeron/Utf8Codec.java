package io.multishot.aeron;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Encodes strings in UTF-8 (RFC 3629), without an intermediate array. */
enum Utf8Codec implements Codec<String> {
    INSTANCE;

    private static final int ONE_BYTE = 0x80;
    private static final int TWO_BYTES = 0x800;

    @Override
    public int length(String message) {
        long length = 0;
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (c < ONE_BYTE) {
                length++;
            } else if (c < TWO_BYTES) {
                length += 2;
            } else if (!Character.isSurrogate(c)) {
                length += 3;
            } else if (isPair(message, i)) {
                length += 4;
                i++;
            } else {
                length++;
            }
        }
        return Math.toIntExact(length);
    }

    @Override
    public void encode(String message, MutableDirectBuffer buffer, int offset) {
        int at = offset;
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (c < ONE_BYTE) {
                buffer.putByte(at++, (byte) c);
            } else if (c < TWO_BYTES) {
                buffer.putByte(at++, (byte) (0xC0 | (c >> 6)));
                buffer.putByte(at++, continuation(c));
            } else if (!Character.isSurrogate(c)) {
                buffer.putByte(at++, (byte) (0xE0 | (c >> 12)));
                buffer.putByte(at++, continuation(c >> 6));
                buffer.putByte(at++, continuation(c));
            } else if (isPair(message, i)) {
                int point = message.codePointAt(i++);
                buffer.putByte(at++, (byte) (0xF0 | (point >> 18)));
                buffer.putByte(at++, continuation(point >> 12));
                buffer.putByte(at++, continuation(point >> 6));
                buffer.putByte(at++, continuation(point));
            } else {
                buffer.putByte(at++, (byte) '?');
            }
        }
    }

    @Override
    public String decode(DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean isPair(String message, int i) {
        return i + 1 < message.length() && Character.isSurrogatePair(message.charAt(i), message.charAt(i + 1));
    }

    /** Returns a continuation byte with the lowest six of these bits. */
    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }
}
