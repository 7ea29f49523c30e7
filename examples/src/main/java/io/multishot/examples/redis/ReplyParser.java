package io.multishot.examples.redis;

import io.multishot.examples.redis.Reply.Kind;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses replies of RESP2 from input that arrives in pieces. Remembers the arrays that are not complete, so each
 * element is parsed once, and nesting takes no stack.
 */
public final class ReplyParser {
    private static final int LONGEST_STRING = 512 << 20; // what Redis itself allows
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE;
    private static final int MOST_DIGITS = 10;
    private static final short MINUS_ONE = '-' << 8 | '1';
    private static final long NOT_THERE = -1;

    /** An array, and how many elements it will have. */
    private record Incomplete(List<Reply> elements, int size) {}

    /** Arrays that are not complete, the innermost first. */
    private final Deque<Incomplete> arrays = new ArrayDeque<>();

    /** Makes a parser of one connection's input. */
    public ReplyParser() {}

    /**
     * Returns the next reply.
     *
     * @param input what the server sent and was not consumed yet
     * @return the reply, or null if it has not arrived in full; then the caller keeps what was not consumed
     * @throws ProtocolException if this is not RESP2
     */
    public @Nullable Reply next(ByteBuffer input) throws ProtocolException {
        while (true) {
            int end = endOfLine(input);
            if (end < 0) {
                return null;
            }
            Reply reply;
            if (input.get(input.position()) == '*') {
                reply = array(input, end);
            } else {
                reply = text(input, end);
                if (reply == null) {
                    return null;
                }
            }
            while (reply != null) { // and it may complete the array around it, which may complete another one
                Incomplete array = arrays.peek();
                if (array == null) {
                    return reply;
                }
                array.elements.add(reply);
                reply = array.elements.size() == array.size ? Reply.of(arrays.pop().elements) : null;
            }
        }
    }

    /** Returns where the carriage return of the first line is, or -1 if the line has not arrived in full. */
    private static int endOfLine(ByteBuffer input) {
        for (int i = input.position(); i < input.limit() - 1; i++) {
            if (input.get(i) == '\r' && input.get(i + 1) == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Returns an empty array or nil; begins any other array and returns null. */
    private @Nullable Reply array(ByteBuffer input, int end) throws ProtocolException {
        long size = number(input, end, LONGEST_ARRAY);
        input.position(end + 2);
        if (size > 0) {
            arrays.push(new Incomplete(new ArrayList<>((int) Math.min(size, 1024)), (int) size));
            return null;
        }
        return size == NOT_THERE ? Reply.NIL : Reply.of(List.of());
    }

    /** Returns a reply that is no array, or null if it has not arrived in full. */
    private static @Nullable Reply text(ByteBuffer input, int end) throws ProtocolException {
        byte type = input.get(input.position());
        return switch (type) {
            case '+' -> line(Kind.STATUS, input, end);
            case '-' -> line(Kind.ERROR, input, end);
            case ':' -> line(Kind.INTEGER, input, end);
            case '$' -> string(input, end);
            default ->
                throw new ProtocolException(String.format(
                        "a reply begins with byte 0x%02x, which is not RESP2: use a server of Redis, and not HELLO 3",
                        type));
        };
    }

    private static Reply line(Kind kind, ByteBuffer input, int end) {
        input.get();
        byte[] bytes = new byte[end - input.position()];
        input.get(bytes).position(end + 2);
        return Reply.of(kind, bytes);
    }

    private static @Nullable Reply string(ByteBuffer input, int end) throws ProtocolException {
        long length = number(input, end, LONGEST_STRING);
        if (length == NOT_THERE) {
            input.position(end + 2);
            return Reply.NIL;
        }
        long next = end + 2 + length + 2;
        if (next > input.limit()) {
            return null;
        }
        byte[] bytes = new byte[(int) length];
        input.position(end + 2).get(bytes).position((int) next);
        return Reply.of(Kind.STRING, bytes);
    }

    /** Returns the number after the first byte of the line: a length, or -1 for nil. */
    private static long number(ByteBuffer input, int end, int largest) throws ProtocolException {
        int start = input.position() + 1;
        if (end - start == 2 && input.getShort(start) == MINUS_ONE) {
            return NOT_THERE;
        }
        boolean isNumber = end > start && end - start <= MOST_DIGITS;
        long number = 0;
        for (int i = start; isNumber && i < end; i++) {
            int digit = input.get(i) - '0';
            isNumber = digit >= 0 && digit <= 9;
            number = 10 * number + digit;
        }
        if (!isNumber || number > largest) {
            throw new ProtocolException("a reply has a length that is no number from 0 to " + largest);
        }
        return number;
    }
}
