package io.multishot.examples.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A reply of RESP2. An error is a value as well, because it may stand inside an array. */
public final class Reply {
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

    static final Reply NIL = new Reply(Kind.NIL, new byte[0], List.of());

    private final Kind kind;
    private final byte[] bytes;
    private final List<Reply> elements;

    private Reply(Kind kind, byte[] bytes, List<Reply> elements) {
        this.kind = kind;
        this.bytes = bytes;
        this.elements = elements;
    }

    static Reply of(Kind kind, byte[] bytes) {
        return new Reply(kind, bytes, List.of());
    }

    static Reply of(List<Reply> elements) {
        return new Reply(Kind.ARRAY, new byte[0], elements);
    }

    /**
     * Returns what the reply is.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns the bytes of a reply that is neither nil nor an array.
     *
     * @return the bytes themselves, not a copy
     */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * Returns the elements of an array.
     *
     * @return the elements, none if this is no array
     */
    public List<Reply> elements() {
        return elements;
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
