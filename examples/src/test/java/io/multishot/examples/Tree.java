package io.multishot.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * Files made for a test, and the lines that {@code sha256sum} prints about them. A name is a string with one char for
 * each byte, so that the natural order is the one of the bytes.
 */
final class Tree {
    private static final List<String> ODD_NAMES =
            List.of((" |two  spaces|-dash|--|@at|*|%41|\"'`$(|\t|\033[31m|new\nline|carriage\rreturn|\\|back\\slash|"
                            + "\\n|both\\\n|"
                            + new String("caf\u00e9|\u65e5\u672c".getBytes(UTF_8), ISO_8859_1)
                            + "|\u00ff|broken\u00e9|odd\n\u00fe\u0080")
                    .split("\\|"));

    private final Path root;
    private final TreeMap<String, byte[]> files = new TreeMap<>();

    Tree(Path root) {
        this.root = root;
    }

    /** Makes a tree with everything that is odd about files and their names. */
    static Tree odd(Path root) throws IOException {
        Tree tree = new Tree(root).file("empty", 0).file("large", 1_000_003);
        for (String name : ODD_NAMES) {
            tree.file(name, 1).file("in " + name + "/" + name, 2);
        }
        // By bytes, "a b" < "a-" < "a.txt" < "a/b" < "a0"; by names of directories, "a" comes first.
        for (String name : List.of("a/b", "a.txt", "a-", "a b", "a0", "a/b.d/c", "a/b-", "B")) {
            tree.file(name, 3);
        }
        Files.createDirectories(tree.path("without files/at all"));
        Files.createSymbolicLink(tree.path("link to a file"), tree.path("a/b"));
        Files.createSymbolicLink(tree.path("link to nothing"), tree.path("nothing"));
        Files.createSymbolicLink(tree.path("a/loop"), tree.path("a"));
        Files.createSymbolicLink(tree.path("link to itself"), tree.path("link to itself"));
        return tree;
    }

    /** Makes a file of this length, and the directories above it. */
    Tree file(String name, int length) throws IOException {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) (name.hashCode() + i * i / 3);
        }
        Files.createDirectories(path(name).getParent());
        Files.write(path(name), content);
        files.put(name, content);
        return this;
    }

    /** Makes as many files, of 12 bytes each. */
    Tree files(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            file(i % 40 + "/" + i, 12);
        }
        return this;
    }

    /** Returns the path of a file, from a URI, in which each byte has its place whatever the locale. */
    private Path path(String name) {
        StringBuilder uri = new StringBuilder("file://" + root.toUri().getRawPath());
        for (byte b : name.getBytes(ISO_8859_1)) {
            uri.append(b == '/' ? "/" : "%" + HexFormat.of().toHexDigits(b));
        }
        return Path.of(URI.create(uri.toString()));
    }

    /** Returns the lines about all files, each with a prefix before its name. */
    String lines(String prefix) {
        StringBuilder lines = new StringBuilder();
        files.keySet().forEach(name -> lines.append(lineAs(prefix + name, name)));
        return lines.toString();
    }

    /** Returns the line about one file, printed under another name. */
    String lineAs(String printed, String name) {
        String escaped = printed.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        byte[] digest = LocalWorker.sha256().digest(files.get(name));
        return (escaped.equals(printed) ? "" : "\\") + HexFormat.of().formatHex(digest) + "  " + escaped + "\n";
    }

    /** Returns the summary of a run with this many channels. */
    String summary(int channels) {
        long bytes =
                files.values().stream().mapToLong(content -> content.length).sum();
        return String.format("%1$,d files, %2$,d bytes, %1$,d rounds, %3$,d channel", files.size(), bytes, channels)
                + (channels == 1 ? "\n" : "s\n");
    }

    int size() {
        return files.size();
    }
}
