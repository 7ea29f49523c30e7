package io.multishot.examples.redis;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a line of input into arguments, with the rules of {@code redis-cli}: arguments are separated by white space,
 * double quotes know escapes, single quotes know only {@code \'}, and a closing quote ends its argument.
 */
final class InputLine {
    private static final String ESCAPES = "nrtba";
    private static final String ESCAPED = "\n\r\t\b\007";

    private final byte[] line;
    private final ByteArrayOutputStream argument = new ByteArrayOutputStream();
    private int next;

    private InputLine(byte[] line) {
        this.line = line;
    }

    /** Returns the arguments, none if the line is blank; or null if a quote is not closed, or closed inside a word. */
    static @Nullable List<byte[]> split(byte[] line) {
        InputLine rest = new InputLine(line);
        List<byte[]> arguments = new ArrayList<>();
        while (rest.skipSpace()) {
            if (!rest.readArgument()) {
                return null;
            }
            arguments.add(rest.argument.toByteArray());
        }
        return arguments;
    }

    /** Returns the byte that is so many ahead, or 0 at the end: a zero byte ends the line, as in C. */
    private int peek(int ahead) {
        return next + ahead < line.length ? line[next + ahead] & 0xff : 0;
    }

    private static boolean isSpace(int character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }

    /** Returns whether anything is left. */
    private boolean skipSpace() {
        while (isSpace(peek(0))) {
            next++;
        }
        return peek(0) != 0;
    }

    /** Reads an argument up to the separator. Returns false if its quotes are wrong. */
    private boolean readArgument() {
        argument.reset();
        while (" \n\r\t\0".indexOf(peek(0)) < 0) {
            int character = peek(0);
            next++;
            if (character == '"' || character == '\'') {
                return readQuoted(character);
            }
            argument.write(character);
        }
        return true;
    }

    private boolean readQuoted(int quote) {
        while (peek(0) != quote) {
            if (peek(0) == 0) {
                return false;
            }
            if (quote == '"') {
                readDoubleQuoted();
            } else {
                next += peek(0) == '\\' && peek(1) == '\'' ? 1 : 0;
                argument.write(peek(0));
                next++;
            }
        }
        next++;
        return peek(0) == 0 || isSpace(peek(0));
    }

    /** Reads one byte, which may be written as an escape. */
    private void readDoubleQuoted() {
        if (peek(0) == '\\' && peek(1) == 'x' && HexFormat.isHexDigit(peek(2)) && HexFormat.isHexDigit(peek(3))) {
            argument.write(HexFormat.fromHexDigit(peek(2)) << 4 | HexFormat.fromHexDigit(peek(3)));
            next += 4;
        } else if (peek(0) == '\\' && peek(1) != 0) {
            int escape = ESCAPES.indexOf(peek(1));
            argument.write(escape < 0 ? peek(1) : ESCAPED.charAt(escape));
            next += 2;
        } else {
            argument.write(peek(0));
            next++;
        }
    }
}
