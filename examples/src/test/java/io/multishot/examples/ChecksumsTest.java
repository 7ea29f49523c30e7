package io.multishot.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program prints, when all goes well. */
class ChecksumsTest {
    @TempDir
    private Path root;

    @Test
    void everyFileUnderADirectoryIsPrintedAsSha256sumDoesInBytewiseOrder() throws IOException {
        Tree tree = Tree.odd(root);

        Program program = Program.run(root.toString());

        assertThat(program.out()).isEqualTo(tree.lines(root + "/"));
        assertThat(program.err()).isEqualTo(summary(tree.size(), tree.bytes(), 64));
        assertThat(program.status()).isZero();
    }

    @Test
    void aSlashAtTheEndOfADirectoryIsNotDoubled() throws IOException {
        Tree tree = Tree.odd(root);

        assertThat(Program.run(root + "/").out()).isEqualTo(tree.lines(root + "/"));
    }

    @Test
    void pathsAreComparedNotNamesOfDirectories() throws IOException {
        new Tree(root)
                .file("a/b")
                .file("a.txt")
                .file("a-/c")
                .file("a0")
                .file("\u00e9")
                .file("B");

        assertThat(Program.run(root.toString())
                        .out()
                        .lines()
                        .map(line -> line.substring(66 + root.toString().length())))
                .containsExactly("/B", "/a-/c", "/a.txt", "/a/b", "/a0", "/\u00e9");
    }

    @Test
    void aFileIsPrintedAsItIsGivenAndAsOften() throws IOException {
        Tree tree = new Tree(root).file("a").file("b/c");

        Program program = Program.run(root + "//b/./c", root + "/b", root + "/a", root + "/b");

        assertThat(program.out())
                .isEqualTo(tree.lineAs(root + "//b/./c", "b/c")
                        + tree.lineAs(root + "/a", "a")
                        + tree.lineAs(root + "/b/c", "b/c").repeat(2));
        assertThat(program.status()).isZero();
    }

    @Test
    void linksAreFollowedIfTheyAreGiven() throws IOException {
        Tree tree = new Tree(root).file("a/b");
        Files.createSymbolicLink(root.resolve("to-file"), Path.of("a", "b"));
        Files.createSymbolicLink(root.resolve("to-directory"), Path.of("a"));
        Files.createSymbolicLink(root.resolve("a/loop"), Path.of("..", "a"));

        Program program = Program.run(root + "/to-file", root + "/to-directory", root + "/to-directory/");

        assertThat(program.out())
                .isEqualTo(
                        tree.lineAs(root + "/to-directory/b", "a/b").repeat(2) + tree.lineAs(root + "/to-file", "a/b"));
        assertThat(program.status()).isZero();
    }

    @Test
    void nothingIsAResultToo() {
        assertThat(Program.run(root.toString()))
                .isEqualTo(new Program(0, "", "0 files, 0 bytes, 0 rounds, 0 channels\n"));
    }

    @Test
    void theSummaryCountsInEnglish() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            new Tree(root).file("one", new byte[1]);
            assertThat(Program.run(root.toString()).err()).isEqualTo("1 file, 1 byte, 1 round, 1 channel\n");

            new Tree(root).file("two", new byte[1_234_566]);
            assertThat(Program.run(root.toString()).err())
                    .isEqualTo("2 files, 1,234,567 bytes, 2 rounds, 2 channels\n");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void thousandsOfFilesNeedNoMoreChannelsThanAreInFlight() throws Exception {
        Tree tree = new Tree(root);
        for (int i = 0; i < 2_000; i++) {
            tree.file(i % 40 + "/" + i);
        }

        for (int workers : new int[] {1, 4, 100}) {
            for (int inFlight : new int[] {1, 3, 64, 5_000}) {
                Program program = Program.run("--workers", "" + workers, "--in-flight=" + inFlight, root.toString());

                assertThat(program)
                        .as("%d workers, %d in flight", workers, inFlight)
                        .isEqualTo(new Program(0, tree.lines(root + "/"), summary(2_000, tree.bytes(), inFlight)));
            }
        }
        Program.assertNoWorkerIsLeft();
    }

    @Test
    void workersMayRunOnVirtualThreads() throws IOException {
        assumeTrue(Runtime.version().feature() >= 21, "this JDK has no virtual threads");
        Tree tree = Tree.odd(root);

        Program program = Program.run("--threads", "virtual", "--workers", "3", "--in-flight", "7", root.toString());

        assertThat(program).isEqualTo(new Program(0, tree.lines(root + "/"), summary(tree.size(), tree.bytes(), 7)));
    }

    @Test
    void aJDKWithoutVirtualThreadsSaysSo() throws IOException {
        int jdk = Runtime.version().feature();
        assumeTrue(jdk < 21, "this JDK has virtual threads");
        new Tree(root).file("a");

        assertThat(Program.run("--threads=virtual", root.toString()))
                .isEqualTo(new Program(
                        2,
                        "",
                        "checksums: virtual threads need JDK 21 or newer, and this is JDK " + jdk + "\nTry --help.\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--workers 0", "--workers -1", "--workers x", "--workers", "--in-flight 0", "--in-flight -3",
                "--in-flight 1e9", "--in-flight 3000000000", "--threads", "--threads green", "--nonsense", "-x"
            })
    void badArgumentsAreRefused(String arguments) {
        Program program = Program.run(arguments.split(" "));

        assertThat(program.status()).isEqualTo(2);
        assertThat(program.out()).isEmpty();
        assertThat(program.err())
                .startsWith("checksums: ")
                .contains(arguments.split(" ")[0])
                .endsWith("\nTry --help.\n");
    }

    @Test
    void helpIsAResult() {
        Program program = Program.run("--help");

        assertThat(program.status()).isZero();
        assertThat(program.err()).isEmpty();
        assertThat(program.out()).contains("--workers", "--in-flight", "--threads", "PATH");
    }

    private static String summary(int files, long bytes, int inFlight) {
        int channels = Math.min(files, inFlight);
        return String.format(
                Locale.ENGLISH,
                "%1$,d files, %2$,d bytes, %1$,d rounds, %3$,d %4$s\n",
                files,
                bytes,
                channels,
                channels == 1 ? "channel" : "channels");
    }
}
