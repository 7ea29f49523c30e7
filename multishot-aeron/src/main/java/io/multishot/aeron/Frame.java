package io.multishot.aeron;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.aeron.logbuffer.Header;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The header of every message on the wire, and the kinds of messages. docs/remote.md describes the same format. With
 * Aeron's own 32 bytes, the header leaves eight bytes of a cache line to the payload.
 *
 * <p>A message names its requester by the id that the requester drew for itself, and its session by the id that the
 * responder drew for this requester. The ticket, the correlation id of a request and its outcome, takes no space here:
 * it is the reserved value of Aeron's header.
 */
final class Frame {
    /** The last byte is the version. */
    private static final int MAGIC = 0x4D53_4801;

    private static final int MAGIC_OFFSET = 0;
    private static final int KIND_OFFSET = 4;
    private static final int REQUESTER_ID_OFFSET = 8;
    private static final int SESSION_ID_OFFSET = 16;

    /** In bytes. Our responders send shorter ones. */
    private static final int MAX_TEXT_LENGTH = 4096;

    /** The number of bytes before the payload. */
    static final int HEADER_LENGTH = 24;

    /** The ticket of messages that belong to no request. */
    static final long NO_TICKET = 0;

    // From a requester

    /** Announces a requester, and asks for a session. Repeated. Payload: a {@link Hello}. */
    static final int HELLO = 1;

    /** Payload: the encoded request. */
    static final int REQUEST = 2;

    // From a responder

    /** Says that the responder is alive and has this session. Repeated. No payload. */
    static final int HEARTBEAT = 3;

    /** Payload: the encoded reply. */
    static final int VALUE = 4;

    /** Payload: the text of the exception, in UTF-8. */
    static final int FAILURE = 5;

    /** Says that there will be no reply. No payload. */
    static final int DROP = 6;

    // From either

    /** Says that the sender is closing. No payload. */
    static final int BYE = 7;

    private Frame() {}

    static void writeHeader(MutableDirectBuffer buffer, int offset, int kind, long requesterId, long sessionId) {
        buffer.putInt(offset + MAGIC_OFFSET, MAGIC, LITTLE_ENDIAN);
        buffer.putInt(offset + KIND_OFFSET, kind, LITTLE_ENDIAN);
        buffer.putLong(offset + REQUESTER_ID_OFFSET, requesterId, LITTLE_ENDIAN);
        buffer.putLong(offset + SESSION_ID_OFFSET, sessionId, LITTLE_ENDIAN);
    }

    /** Returns false if these bytes have no header of this version. */
    static boolean isValid(DirectBuffer buffer, int offset, int length) {
        return length >= HEADER_LENGTH && buffer.getInt(offset + MAGIC_OFFSET, LITTLE_ENDIAN) == MAGIC;
    }

    static int kind(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + KIND_OFFSET, LITTLE_ENDIAN);
    }

    /** Returns the id of the requester that has sent this message, or that it is for. */
    static long requesterId(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + REQUESTER_ID_OFFSET, LITTLE_ENDIAN);
    }

    /** Returns the id of the session; {@link RandomId#NONE} in a hello, and in a requester's bye. */
    static long sessionId(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + SESSION_ID_OFFSET, LITTLE_ENDIAN);
    }

    /** Returns the ticket of a request, or of the request that an outcome belongs to; else {@link #NO_TICKET}. */
    static long ticket(Header header) {
        return header.reservedValue();
    }

    /** Reads the payload of a failure. */
    static String text(DirectBuffer buffer, int offset, int length) {
        byte[] text = new byte[Math.min(length, MAX_TEXT_LENGTH)];
        buffer.getBytes(offset, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
