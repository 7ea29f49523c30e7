package io.multishot.examples;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;

/** The path of a file as it is printed: bytes, as the file system keeps them, in no encoding that anybody promises. */
final class FileName {
    /** The order of {@code LC_ALL=C sort}. */
    static final Comparator<FileName> BYTEWISE = (a, b) -> Arrays.compareUnsigned(a.bytes, b.bytes);

    private static final Path ROOT = Path.of("/");

    private final byte[] bytes;

    private FileName(byte[] bytes) {
        this.bytes = bytes;
    }

    /** An argument of the command line, as it was given. What the locale cannot encode is good for messages only. */
    static FileName of(String argument) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        String separator = "";
        for (String part : argument.split("/", -1)) {
            name.writeBytes(ascii(separator));
            name.writeBytes(encode(part));
            separator = "/";
        }
        return new FileName(name.toByteArray());
    }

    /** A file in this directory; of its path only the last name counts. */
    FileName child(Path file) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        name.writeBytes(bytes);
        if (bytes[bytes.length - 1] != '/') {
            name.write('/');
        }
        name.writeBytes(raw(file.getName(file.getNameCount() - 1)));
        return new FileName(name.toByteArray());
    }

    /** Tells whether the name has bytes that would break a line, or the escapes for them. */
    boolean needsEscapes() {
        for (byte b : bytes) {
            if (b == '\\' || b == '\n' || b == '\r') {
                return true;
            }
        }
        return false;
    }

    /** The name in one line, with the escapes of sha256sum. */
    byte[] escaped() {
        if (!needsEscapes()) {
            return bytes;
        }
        ByteArrayOutputStream escaped = new ByteArrayOutputStream();
        for (byte b : bytes) {
            switch (b) {
                case '\\' -> escaped.writeBytes(ascii("\\\\"));
                case '\n' -> escaped.writeBytes(ascii("\\n"));
                case '\r' -> escaped.writeBytes(ascii("\\r"));
                default -> escaped.write(b);
            }
        }
        return escaped.toByteArray();
    }

    private static byte[] encode(String part) {
        try {
            return part.isEmpty() ? new byte[0] : raw(Path.of(part));
        } catch (InvalidPathException unencodable) {
            return part.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * The bytes of a single name. Path.toString() replaces those that the locale does not know, and in the POSIX locale
     * it knows ASCII only; but the URI has each of them, as itself or as %XX. If such a file is a directory, a slash
     * follows.
     */
    private static byte[] raw(Path name) {
        String uri = ROOT.resolve(name).toUri().getRawPath();
        ByteArrayOutputStream raw = new ByteArrayOutputStream(uri.length());
        for (int i = 1; i < uri.length() && uri.charAt(i) != '/'; i++) {
            if (uri.charAt(i) == '%') {
                raw.write(HexFormat.fromHexDigits(uri, i + 1, i + 3));
                i += 2;
            } else {
                raw.write(uri.charAt(i));
            }
        }
        return raw.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
