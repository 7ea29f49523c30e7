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
    /** The answer that has no record. */
    static final Answer NONE = new Answer(List.of());

    private static final int TYPE_CNAME = 5;
    private static final int TRUNCATED = 0x0200;
    private static final int NAME_ERROR = 3;
    private static final int POINTER = 0xC0;

    /** As many as the longest name takes if each of its characters is escaped. */
    private static final int MAX_NAME_CHARS = 4 * 255;

    private static final String ESCAPED = "\"().;\\@$";
    private static final List<String> CODES =
            List.of("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET");

    /**
     * Reads the answer from a reply to a question.
     *
     * @param message the reply, from its start to its limit
     * @param start where the answer's records begin
     * @return the answer
     * @throws IOException if the reply is an error, truncated or malformed
     */
    public static Answer read(ByteBuffer message, int start) throws IOException {
        int flags = message.getShort(2);
        int code = flags & 0xF;
        if (code == NAME_ERROR) {
            return NONE;
        }
        if (code != 0) {
            throw new IOException("the server answered " + (code < CODES.size() ? CODES.get(code) : "code " + code));
        }
        if ((flags & TRUNCATED) != 0) {
            throw new IOException("the reply was truncated, because it is longer than " + Question.MAX_REPLY_BYTES
                    + " bytes: ask the server over TCP");
        }
        try {
            message.position(start);
            return records(message, message.getChar(6));
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw new IOException("the reply is malformed: " + malformed, malformed);
        }
    }

    private static Answer records(ByteBuffer message, int count) {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            skipName(message);
            int type = message.getChar();
            boolean isInternet = message.getChar() == Question.CLASS_IN;
            message.getInt(); // the time to live
            int length = message.getChar();
            int end = message.position() + length;
            if (isInternet && type == Question.TYPE_A) {
                records.add(address(message.getInt()));
            } else if (isInternet && type == TYPE_CNAME) {
                records.add(name(message));
            }
            message.position(end);
        }
        return records.isEmpty() ? NONE : new Answer(records);
    }

    private static void skipName(ByteBuffer message) {
        int length = message.get() & 0xFF;
        while (length > 0 && length < POINTER) {
            message.position(message.position() + length);
            length = message.get() & 0xFF;
        }
        if (length >= POINTER) {
            message.get(); // the pointer's other half; the name ends here
        }
    }

    private static String name(ByteBuffer message) {
        StringBuilder name = new StringBuilder();
        int start = message.position();
        int length = message.get() & 0xFF;
        while (length > 0) {
            if (length >= POINTER) {
                int target = (length & ~POINTER) << 8 | (message.get() & 0xFF);
                if (target >= start) {
                    throw new IllegalArgumentException("a pointer points forward, so it might point to itself");
                }
                start = target;
                message.position(target);
            } else if (length > Question.MAX_LABEL_BYTES || name.length() > MAX_NAME_CHARS) {
                throw new IllegalArgumentException("a name is too long");
            } else {
                for (int i = 0; i < length; i++) {
                    appendEscaped(name, message.get() & 0xFF);
                }
                name.append('.');
            }
            length = message.get() & 0xFF;
        }
        return name.isEmpty() ? "." : name.toString();
    }

    private static void appendEscaped(StringBuilder name, int c) {
        if (c <= ' ' || c >= 0x7F) {
            name.append('\\').append((char) ('0' + c / 100));
            name.append((char) ('0' + c / 10 % 10)).append((char) ('0' + c % 10));
        } else {
            name.append(ESCAPED.indexOf(c) < 0 ? "" : "\\").append((char) c);
        }
    }

    private static String address(int a) {
        return (a >>> 24) + "." + (a >>> 16 & 0xFF) + "." + (a >>> 8 & 0xFF) + "." + (a & 0xFF);
    }
}
