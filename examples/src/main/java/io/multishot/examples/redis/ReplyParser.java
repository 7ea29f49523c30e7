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
    private static final short MINUS_ONE = '-' << 8 | '1';
    private static final byte[] NO_BYTES = {};
    private static final Reply NIL = new Reply(Kind.NIL, NO_BYTES, List.of());
    private static final Reply EMPTY = new Reply(Kind.ARRAY, NO_BYTES, List.of());

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
        for (int end = endOfLine(input); end >= 0; end = endOfLine(input)) {
            int start = input.position() + 1;
            int next = end + 2;
            Reply reply = null;
            switch (input.get(start - 1)) {
                case '+' -> reply = reply(Kind.STATUS, input, start, end);
                case '-' -> reply = reply(Kind.ERROR, input, start, end);
                case ':' -> reply = reply(Kind.INTEGER, input, start, end);
                case '$' -> {
                    int length = number(input, start, end, LONGEST_STRING);
                    next += length < 0 ? 0 : length + 2;
                    if (next > input.limit()) {
                        return null;
                    }
                    reply = length < 0 ? NIL : reply(Kind.STRING, input, end + 2, next - 2);
                }
                case '*' -> {
                    int size = number(input, start, end, Integer.MAX_VALUE);
                    if (size > 0) {
                        arrays.push(new Incomplete(new ArrayList<>(Math.min(size, 1024)), size));
                    } else {
                        reply = size < 0 ? NIL : EMPTY;
                    }
                }
                default ->
                    throw new ProtocolException(String.format(
                            "a reply begins with 0x%02x, which is not RESP2: use a server of Redis, and not HELLO 3",
                            input.get(start - 1)));
            }
            input.position(next);
            while (reply != null) { // it may complete the array around it, which may complete another one
                Incomplete array = arrays.peek();
                if (array == null) {
                    return reply;
                }
                array.elements.add(reply);
                boolean isComplete = array.elements.size() == array.size;
                reply = isComplete ? new Reply(Kind.ARRAY, NO_BYTES, arrays.pop().elements) : null;
            }
        }
        return null;
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

    private static Reply reply(Kind kind, ByteBuffer input, int from, int to) {
        byte[] bytes = new byte[to - from];
        input.get(from, bytes);
        return new Reply(kind, bytes, List.of());
    }

    /** Returns a length, or -1 for nil. */
    private static int number(ByteBuffer input, int from, int to, int largest) throws ProtocolException {
        if (to - from == 2 && input.getShort(from) == MINUS_ONE) {
            return -1;
        }
        long number = from < to ? 0 : -1;
        for (int i = from; i < to && number >= 0 && number <= largest; i++) {
            int digit = Character.digit(input.get(i), 10);
            number = digit < 0 ? -1 : 10 * number + digit;
        }
        if (number < 0 || number > largest) {
            throw new ProtocolException("a reply has a length that is no number from 0 to " + largest);
        }
        return (int) number;
    }
}
