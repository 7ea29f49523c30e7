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
 * <p>The ticket, the correlation id of a request and its outcome, takes no space here: it is the reserved value of
 * Aeron's header.
 */
final class Frame {
    static final int VERSION = 2;

    /** The number of bytes before the payload. */
    static final int HEADER_LENGTH = 24;

    /** The ticket of messages that belong to no request. */
    static final long NO_TICKET = 0;

    /** The requester of messages that belong to a whole session. */
    static final int NO_REQUESTER = 0;

    // From the requesting side

    /**
     * Announces a connection, and asks for a session. Repeated. Payload: a {@link Hello}. Argument: how many requesters
     * share it.
     */
    static final int HELLO = 1;

    /** Payload: the encoded request. Argument: its patience. */
    static final int REQUEST = 2;

    /** Says that nobody waits for the reply to a request; without a ticket, to any of this requester. No payload. */
    static final int CANCEL = 3;

    // From the replying side

    /**
     * Says that the responder is alive and has this session. Repeated. Payload: the {@link ConnectionId}. Argument: the
     * longest request that it takes.
     */
    static final int HEARTBEAT = 4;

    /** Payload: the encoded reply. */
    static final int VALUE = 5;

    /** Payload: the text of the exception, in UTF-8. Argument: the failure's code. */
    static final int FAILURE = 6;

    /** Says that there will be no reply. No payload. */
    static final int DROP = 7;

    /** Says that a request was not handed to the handler, and will not be. Payload: why, in UTF-8. */
    static final int REFUSAL = 8;

    // From either

    /** Says that the sender is closing. Payload, if from the requesting side: the {@link ConnectionId}. */
    static final int BYE = 9;

    private static final int MAGIC = 'M' | 'S' << 8;
    private static final int MAGIC_AND_VERSION = MAGIC | VERSION << 16;

    /** What was in the place of magic and version before version 2. */
    private static final int VERSION_1 = 0x4D53_4801;

    private static final int KIND_OFFSET = 3;
    private static final int ARGUMENT_OFFSET = 4;
    private static final int SESSION_ID_OFFSET = 8;
    private static final int REQUESTER_OFFSET = 16;
    private static final int TIME_OFFSET = 20;

    /** In bytes. Our responders send shorter ones. */
    private static final int MAX_TEXT_LENGTH = 4096;

    private Frame() {}

    static void writeHeader(
            MutableDirectBuffer buffer, int offset, int kind, int argument, long sessionId, int requester, int time) {
        buffer.putInt(offset, MAGIC_AND_VERSION | kind << 24, LITTLE_ENDIAN);
        buffer.putInt(offset + ARGUMENT_OFFSET, argument, LITTLE_ENDIAN);
        buffer.putLong(offset + SESSION_ID_OFFSET, sessionId, LITTLE_ENDIAN);
        buffer.putInt(offset + REQUESTER_OFFSET, requester, LITTLE_ENDIAN);
        buffer.putInt(offset + TIME_OFFSET, time, LITTLE_ENDIAN);
    }

    /** Returns false if these bytes have no header of this version. */
    static boolean isValid(DirectBuffer buffer, int offset, int length) {
        return length >= HEADER_LENGTH && (buffer.getInt(offset, LITTLE_ENDIAN) & 0xFF_FFFF) == MAGIC_AND_VERSION;
    }

    /** Returns the version of an invalid header; 0 if these bytes have no header of any version. */
    static int otherVersion(DirectBuffer buffer, int offset, int length) {
        if (length < HEADER_LENGTH) {
            return 0;
        }
        int start = buffer.getInt(offset, LITTLE_ENDIAN);
        if (start == VERSION_1) {
            return 1;
        }
        return (start & 0xFFFF) == MAGIC ? start >>> 16 & 0xFF : 0;
    }

    static int kind(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + KIND_OFFSET);
    }

    /**
     * Returns, of a request, its patience: how long its reply was of use when it was sent, in microseconds; 0 without a
     * limit. Returns, of a failure, its code; of a hello, the number of requesters; of a heartbeat, the longest request
     * that the responder takes, in bytes.
     */
    static int argument(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + ARGUMENT_OFFSET, LITTLE_ENDIAN);
    }

    /** Returns the id that the responder drew for the session; {@link RandomId#NONE} before the first heartbeat. */
    static long sessionId(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + SESSION_ID_OFFSET, LITTLE_ENDIAN);
    }

    /** Returns the number that the requester has in its connection; in an outcome, that of its request. */
    static int requester(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + REQUESTER_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * Returns when a hello, or a request with patience, was sent, in microseconds on a clock of the requesting side's
     * own; an outcome repeats the one of its request.
     */
    static int time(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + TIME_OFFSET, LITTLE_ENDIAN);
    }

    /** Returns the ticket of a request, or of the request that an outcome belongs to; else {@link #NO_TICKET}. */
    static long ticket(Header header) {
        return header.reservedValue();
    }

    /** Reads the payload of a failure or refusal. */
    static String text(DirectBuffer buffer, int offset, int length) {
        byte[] text = new byte[Math.min(length, MAX_TEXT_LENGTH)];
        buffer.getBytes(offset, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
