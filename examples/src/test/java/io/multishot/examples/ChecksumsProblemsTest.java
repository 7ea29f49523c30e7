package io.multishot.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program does when something goes wrong: it says so, does the rest, and never hangs. */
class ChecksumsProblemsTest {
    @TempDir
    private Path root;

    @Test
    void whatIsMissingIsNamedAndTheRestIsDone() throws IOException {
        Tree tree = new Tree(root).file("a").file("b");
        Files.createSymbolicLink(root.resolve("dangling"), root.resolve("nothing"));

        Program program =
                Program.run(root + "/b", root + "/no\nsuch\\file", root + "/dangling", "", root + "/a", root + "/a/");

        assertThat(program.out()).isEqualTo(tree.lines(root + "/"));
        assertThat(program.err().lines())
                .containsExactly(
                        "checksums: " + root + "/no\\nsuch\\\\file: No such file or directory",
                        "checksums: " + root + "/dangling: No such file or directory",
                        "checksums: : No such file or directory",
                        "checksums: " + root + "/a/: Not a directory",
                        "2 files, 24 bytes, 2 rounds, 2 channels");
        assertThat(program.status()).isEqualTo(1);
    }

    @Test
    void aLinkToItselfAndADeviceAreRefusedIfGiven() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("itself"), root.resolve("itself"));

        Program program = Program.run("/dev/null", link.toString());

        assertThat(program.err())
                .startsWith("checksums: /dev/null: Not a regular file\nchecksums: " + link
                        + ": Too many levels of symbolic links")
                .endsWith("\n0 files, 0 bytes, 0 rounds, 0 channels\n");
        assertThat(program.status()).isEqualTo(1);
    }

    @Test
    void aNameThatNoPathCanHaveIsRefused() {
        Program program = Program.run("a\0b");

        assertThat(program.err())
                .isEqualTo("checksums: a\0b: Nul character not allowed\n0 files, 0 bytes, 0 rounds, 0 channels\n");
        assertThat(program.status()).isEqualTo(1);
    }

    @Test
    void aFileThatCannotBeOpenedIsLeftOut() throws IOException {
        Tree tree = new Tree(root).file("a").file("z");
        Path secret = Files.writeString(root.resolve("secret"), "secret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        assumeTrue(!Files.isReadable(secret), "modes do not stop this user");

        Program program = Program.run(root.toString());

        assertThat(program)
                .isEqualTo(new Program(
                        1,
                        tree.lines(root + "/"),
                        "checksums: " + secret + ": Permission denied\n2 files, 24 bytes, 3 rounds, 3 channels\n"));
    }

    @Test
    void aFileThatCannotBeReadIsLeftOut() throws IOException {
        Path unreadable = Path.of("/proc/self/mem");
        assumeTrue(Files.isRegularFile(unreadable), "there is no such file here");
        Tree tree = new Tree(root).file("a").file("z");

        Program program = Program.run("--in-flight=1", "--workers=1", unreadable.toString(), root.toString());

        assertThat(program)
                .isEqualTo(new Program(
                        1,
                        tree.lines(root + "/"),
                        "checksums: " + unreadable + ": Input/output error\n2 files, 24 bytes, 3 rounds, 1 channel\n"));
    }

    @Test
    void aDirectoryThatCannotBeListedIsLeftOut() throws IOException {
        Tree tree = new Tree(root).file("a").file("z/z");
        Deque<Path> renamed = new ArrayDeque<>();
        try {
            String longest = tooDeep(root, renamed);

            Program program = Program.run(root.toString());

            assertThat(program.out()).isEqualTo(tree.lines(root + "/"));
            assertThat(program.err())
                    .startsWith("checksums: " + root + "/" + longest)
                    .endsWith(": File name too long\n2 files, 26 bytes, 2 rounds, 2 channels\n");
            assertThat(program.status()).isEqualTo(1);
        } finally {
            for (Path directory : renamed) {
                Files.move(directory, directory.resolveSibling("d"));
            }
        }
    }

    /** Makes a path that is longer than the system takes: with short names first, then renamed from the inside out. */
    private static String tooDeep(Path root, Deque<Path> renamed) throws IOException {
        String longest = "d".repeat(255);
        Path deepest = root;
        for (int i = 0; i < 20; i++) {
            deepest = deepest.resolve("d");
        }
        Files.createDirectories(deepest);
        for (Path path = deepest; !path.equals(root); path = path.getParent()) {
            renamed.push(Files.move(path, path.resolveSibling(longest)));
        }
        return longest;
    }

    @Test
    void aFileThatVanishesAfterItWasListedIsLeftOut() throws IOException {
        Tree tree = new Tree(root).file("1").file("2");
        Path vanishing = Files.writeString(root.resolve("1b"), "soon gone");

        Program program =
                Program.run(lines -> Files.deleteIfExists(vanishing), "--in-flight=1", "--workers=1", root.toString());

        assertThat(program)
                .isEqualTo(new Program(
                        1,
                        tree.lines(root + "/"),
                        "checksums: " + vanishing
                                + ": No such file or directory\n2 files, 24 bytes, 3 rounds, 1 channel\n"));
    }

    @Test
    void aFileThatBecomesADirectoryIsLeftOut() throws IOException {
        Tree tree = new Tree(root).file("1").file("2");
        Path changing = Files.writeString(root.resolve("1b"), "soon a directory");

        Program program = Program.run(
                lines -> {
                    if (Files.isRegularFile(changing)) {
                        Files.delete(changing);
                        Files.createDirectory(changing);
                    }
                },
                "--in-flight=1",
                root.toString());

        assertThat(program)
                .isEqualTo(new Program(
                        1,
                        tree.lines(root + "/"),
                        "checksums: " + changing + ": Is a directory\n2 files, 24 bytes, 3 rounds, 1 channel\n"));
    }

    @Test
    void resultsThatCannotBeWrittenEndTheProgramAndItsWorkers() throws Exception {
        Tree tree = new Tree(root);
        for (int i = 0; i < 100; i++) {
            tree.file("" + i, new byte[100_000]);
        }

        Program program = Program.run(
                lines -> {
                    throw new IOException("No space left on device");
                },
                "--workers=4",
                root.toString());

        assertThat(program.err()).isEqualTo("checksums: write error: No space left on device\n");
        assertThat(program.status()).isEqualTo(1);
        Program.assertNoWorkerIsLeft();
    }

    @Test
    void anInterruptEndsTheProgramAndItsWorkers() throws Exception {
        Tree tree = new Tree(root);
        for (int i = 0; i < 100; i++) {
            tree.file("" + i, new byte[100_000]);
        }

        Program program = Program.run(lines -> Thread.currentThread().interrupt(), "--in-flight=1", root.toString());

        assertThat(Thread.interrupted()).as("the flag is still set").isTrue();
        assertThat(program.err()).isEqualTo("checksums: interrupted\n");
        assertThat(program.status()).isEqualTo(1);
        Program.assertNoWorkerIsLeft();
    }
}
