package io.multishot.examples.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A reply of RESP2. An error is a value as well, because it may stand inside an array.
 *
 * @param kind what it is
 * @param bytes the text, number or string, this very array; empty if it is nil or an array
 * @param elements the elements; none if it is no array
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares replies, and a copy would cost as much as the reply
public record Reply(Kind kind, byte[] bytes, List<Reply> elements) {
    /** The kinds of replies. */
    public enum Kind {
        /** A short text, such as {@code OK}. */
        STATUS,
        /** Why the command failed. */
        ERROR,
        /** A number, in decimal digits. */
        INTEGER,
        /** Bytes of any kind. */
        STRING,
        /** No value. */
        NIL,
        /** A list of replies. */
        ARRAY
    }

    /** Writes the reply as {@code redis-cli} does if its output is no terminal, but for the line feed at the end. */
    void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
        if (kind == Kind.ERROR) {
            out.write('\n');
        }
        for (int i = 0; i < elements.size(); i++) {
            if (i > 0) {
                out.write('\n');
            }
            elements.get(i).writeTo(out);
        }
    }

    /** Describes the reply, for people; the format may change. */
    @Override
    public String toString() {
        return kind + " " + (kind == Kind.ARRAY ? elements : new String(bytes, StandardCharsets.UTF_8));
    }
}
