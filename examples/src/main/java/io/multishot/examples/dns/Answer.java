package io.multishot.examples.dns;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server says about a name.
 *
 * @param records the data of the answer's records, as {@code dig +short} prints them: the targets of aliases, with a
 *     dot at the end, and the addresses; empty if there is no such name, or it has no address
 */
public record Answer(List<String> records) {
    private static final int TYPE_CNAME_CLASS_IN = 0x0005_0001;
    private static final int TRUNCATED = 0x0200;
    private static final int POINTER = 0xC0;
    private static final int NAME_ERROR = 3;
    private static final List<String> CODES =
            List.of("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED");
    private static final int MAX_NAME_CHARS = 4 * Question.MAX_NAME_BYTES; // if each one is escaped

    /**
     * Reads the answer from a reply to a question.
     *
     * @param reply the message, from its start to its limit
     * @param start where the answer's records begin
     * @return the answer
     * @throws IOException if the reply is an error, truncated or malformed
     */
    public static Answer read(ByteBuffer reply, int start) throws IOException {
        int flags = reply.getShort(2);
        int code = flags & 0xF;
        if (code != 0 && code != NAME_ERROR) {
            throw new IOException("the server answered " + (code < CODES.size() ? CODES.get(code) : "code " + code));
        }
        if ((flags & TRUNCATED) != 0) {
            throw new IOException("the reply was truncated, because it is longer than " + Question.MAX_REPLY_BYTES
                    + " bytes: ask the server over TCP");
        }
        try {
            return new Answer(records(reply.position(start), reply.getChar(6)));
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw new IOException("the reply is malformed: " + malformed, malformed);
        }
    }

    private static List<String> records(ByteBuffer reply, int count) {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            skipName(reply);
            int type = reply.getInt();
            reply.getInt(); // the time to live
            int end = reply.getChar() + reply.position();
            if (type == Question.TYPE_A_CLASS_IN) {
                int a = reply.getInt();
                records.add((a >>> 24) + "." + (a >>> 16 & 0xFF) + "." + (a >>> 8 & 0xFF) + "." + (a & 0xFF));
            } else if (type == TYPE_CNAME_CLASS_IN) {
                records.add(name(reply));
            }
            reply.position(end);
        }
        return records;
    }

    /** Skips the labels and what ends them: an empty one, or a pointer, which has one byte more. */
    private static void skipName(ByteBuffer reply) {
        int length;
        do {
            length = reply.get() & 0xFF;
            reply.position(reply.position() + (length < POINTER ? length : 1));
        } while (length > 0 && length < POINTER);
    }

    private static String name(ByteBuffer reply) {
        StringBuilder name = new StringBuilder();
        int start = reply.position();
        for (int length = reply.get() & 0xFF; length > 0; length = reply.get() & 0xFF) {
            if (length >= POINTER) {
                int target = (length & ~POINTER) << 8 | (reply.get() & 0xFF);
                if (target >= start) {
                    throw new IllegalArgumentException("a pointer points forward, so it might point to itself");
                }
                start = target;
                reply.position(target);
            } else if (length > Question.MAX_LABEL_BYTES || name.length() > MAX_NAME_CHARS) {
                throw new IllegalArgumentException("a name is too long");
            } else {
                for (int i = 0; i < length; i++) {
                    name.append(escaped(reply.get() & 0xFF));
                }
                name.append('.');
            }
        }
        return name.isEmpty() ? "." : name.toString();
    }

    private static String escaped(int c) {
        if (c <= ' ' || c >= 0x7F) {
            return "\\" + c / 100 + c / 10 % 10 + c % 10;
        }
        return ("\"().;\\@$".indexOf(c) < 0 ? "" : "\\") + (char) c;
    }
}
