package io.multishot.aeron;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.aeron.logbuffer.Header;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The header of every message on the wire, which with Aeron's own 32 bytes leaves eight of a cache line for the
 * payload; docs/remote.md draws it. The ticket has no bytes here: Aeron's header has eight for whoever uses it, the
 * reserved value.
 */
final class Frame {
    /** The last byte is the version. */
    private static final int MAGIC = 0x4D53_4801;

    private static final int MAGIC_AT = 0;
    private static final int KIND_AT = 4;
    private static final int REQUESTER_AT = 8;
    private static final int RESPONDER_AT = 16;

    /** In bytes. Responders of ours send less. */
    private static final int LONGEST_TEXT = 4096;

    /** How many bytes come before the payload. */
    static final int HEADER_LENGTH = 24;

    // From a requester

    /** Here I am, reply there. Sent again and again. Payload: see {@link Hello}. */
    static final int HELLO = 1;

    /** Payload: the request, encoded. */
    static final int REQUEST = 2;

    // From a responder

    /** Here I am. Sent again and again. */
    static final int ALIVE = 3;

    /** Payload: the reply, encoded. */
    static final int VALUE = 4;

    /** Payload: why, in UTF-8. */
    static final int FAILURE = 5;

    /** There will be no reply. */
    static final int DROP = 6;

    // From either

    /** I am going. */
    static final int BYE = 7;

    private Frame() {}

    static void write(MutableDirectBuffer buffer, int offset, int kind, long requester, long responder) {
        buffer.putInt(offset + MAGIC_AT, MAGIC, LITTLE_ENDIAN);
        buffer.putInt(offset + KIND_AT, kind, LITTLE_ENDIAN);
        buffer.putLong(offset + REQUESTER_AT, requester, LITTLE_ENDIAN);
        buffer.putLong(offset + RESPONDER_AT, responder, LITTLE_ENDIAN);
    }

    /** False for what is no message of ours. */
    static boolean isValid(DirectBuffer buffer, int offset, int length) {
        return length >= HEADER_LENGTH && buffer.getInt(offset + MAGIC_AT, LITTLE_ENDIAN) == MAGIC;
    }

    static int kind(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + KIND_AT, LITTLE_ENDIAN);
    }

    /** The incarnation of the requester that sent this, or that this is for. */
    static long requester(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + REQUESTER_AT, LITTLE_ENDIAN);
    }

    /** The incarnation of the responder that sent this, or that this is for; 0 in a HELLO. */
    static long responder(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + RESPONDER_AT, LITTLE_ENDIAN);
    }

    /** The ticket of the request that this is, or that this is the outcome of; else 0. */
    static long ticket(Header header) {
        return header.reservedValue();
    }

    /** The payload of a FAILURE. */
    static String text(DirectBuffer buffer, int offset, int length) {
        byte[] text = new byte[Math.min(length, LONGEST_TEXT)];
        buffer.getBytes(offset, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
