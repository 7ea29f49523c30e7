package io.multishot.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * Files made for a test, and what the program should print about them, worked out independently. Names are strings in
 * Latin-1, so that each char is one byte and their natural order is the bytewise one.
 */
final class Tree {
    private final Path root;
    private final TreeMap<String, byte[]> files = new TreeMap<>();

    Tree(Path root) {
        this.root = root;
    }

    /** Turns a string into a name whose bytes are its UTF-8. */
    static String utf8(String name) {
        return new String(name.getBytes(UTF_8), ISO_8859_1);
    }

    /** Makes a file and the directories above it. */
    Tree file(String name, byte[] content) throws IOException {
        Path path = path(name);
        Files.createDirectories(path.getParent());
        Files.write(path, content);
        files.put(name, content);
        return this;
    }

    Tree file(String name) throws IOException {
        return file(name, ("content of " + name).getBytes(ISO_8859_1));
    }

    /** Any bytes make a path, whatever the locale: in a URI each stands for itself. */
    Path path(String name) {
        StringBuilder uri = new StringBuilder(root.toUri().getRawPath());
        for (byte b : name.getBytes(ISO_8859_1)) {
            if (b == '/') {
                uri.append('/');
            } else {
                uri.append('%').append(HexFormat.of().toHexDigits(b));
            }
        }
        return Path.of(URI.create("file://" + uri));
    }

    /** The lines for all files, each with this in front of its name. */
    String lines(String prefix) {
        StringBuilder lines = new StringBuilder();
        files.forEach((name, content) -> lines.append(line(prefix + name, content)));
        return lines.toString();
    }

    /** The line for one file, printed under this name. */
    String lineAs(String printed, String name) {
        return line(printed, files.get(name));
    }

    long bytes() {
        return files.values().stream().mapToLong(content -> content.length).sum();
    }

    int size() {
        return files.size();
    }

    private static String line(String name, byte[] content) {
        String escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        return (escaped.equals(name) ? "" : "\\") + sha256(content) + "  " + escaped + "\n";
    }

    private static String sha256(byte[] content) {
        try {
            return String.format(
                    "%064x",
                    new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(content)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A tree with everything that is odd about files and their names. */
    static Tree odd(Path root) throws IOException {
        Tree tree = new Tree(root);
        tree.file("empty", new byte[0]);
        tree.file("large", new byte[1_000_003]);
        for (String name : new String[] {
            " ",
            "two  spaces",
            "-dash",
            "--",
            "-",
            "@at",
            "*",
            "?",
            "%41",
            "~",
            "\"'`$(",
            "\t",
            "\u001b[31m",
            "\u007f",
            "new\nline",
            "carriage\rreturn",
            "\\",
            "back\\slash",
            "\\n",
            "both\\\n",
            utf8("caf\u00e9"),
            utf8("\u65e5\u672c"),
            utf8("\ud83d\ude00"),
            "\u00ff",
            "\u00c3",
            "broken\u00e9",
            "odd\n\u00fe\u0080"
        }) {
            tree.file(name);
            tree.file("in " + name + "/" + name);
        }
        // As paths, "a b" < "a-" < "a.txt" < "a/b" < "a0"; by components, "a" comes first.
        tree.file("a/b")
                .file("a.txt")
                .file("a-")
                .file("a b")
                .file("a0")
                .file("a/b.d/c")
                .file("a/b-")
                .file("B");
        Files.createDirectories(tree.path("without files/at all"));
        Files.createSymbolicLink(tree.path("link to a file"), tree.path("a/b"));
        Files.createSymbolicLink(tree.path("link to a directory"), tree.path("a"));
        Files.createSymbolicLink(tree.path("link to nothing"), tree.path("nothing"));
        Files.createSymbolicLink(tree.path("a/loop"), tree.path("a"));
        Files.createSymbolicLink(tree.path("link to itself"), tree.path("link to itself"));
        return tree;
    }
}
