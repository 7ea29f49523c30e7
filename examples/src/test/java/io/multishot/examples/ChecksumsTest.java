package io.multishot.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multishot.examples.ProgramRun.Interference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program prints, and that it does not hang when something goes wrong. */
class ChecksumsTest {
    @TempDir
    private Path root;

    private static ProgramRun run(String... args) {
        return ProgramRun.of(Checksums::new, args);
    }

    private static ProgramRun run(Interference interference, String... args) {
        return ProgramRun.of(Checksums::new, interference, args);
    }

    private static void assertNoWorkerIsLeft() throws InterruptedException {
        ProgramRun.assertNoThreadIsLeft("checksums-worker");
    }

    @Test
    void everyFileUnderADirectoryIsPrintedInTheOrderOfTheBytes() throws IOException {
        Tree tree = Tree.odd(root);
        ProgramRun expected = new ProgramRun(0, tree.lines(root + "/"), tree.summary(Math.min(tree.size(), 64)));
        assertThat(run(root.toString())).isEqualTo(expected);
        assertThat(run(root + "/")).isEqualTo(expected);
    }

    @Test
    void aPathIsPrintedAsOftenAsItIsGivenAndFollowedIfItIsALink() throws IOException {
        Tree tree = new Tree(root).file("a", 1).file("b/c", 2);
        Files.createSymbolicLink(root.resolve("file"), Path.of("b", "c"));
        Files.createSymbolicLink(root.resolve("directory"), Path.of("b"));
        Files.createSymbolicLink(root.resolve("b/loop"), Path.of("..", "b"));

        assertThat(run(root + "/b/c", root + "/b", root + "/a", root + "/file", root + "/directory")
                        .out())
                .isEqualTo(tree.lineAs(root + "/a", "a")
                        + tree.lineAs(root + "/b/c", "b/c").repeat(2)
                        + tree.lineAs(root + "/directory/c", "b/c")
                        + tree.lineAs(root + "/file", "b/c"));
    }

    @Test
    void noFileIsAResult() {
        assertThat(run(root.toString())).isEqualTo(new ProgramRun(0, "", "0 files, 0 bytes, 0 rounds, 0 channels\n"));
    }

    @Test
    void thousandsOfFilesNeedOnlyAsManyChannelsAsAreInFlight() throws Exception {
        Tree tree = new Tree(root).files(2_000);
        for (String workers : new String[] {"1", "4", "100"}) {
            for (int inFlight : new int[] {1, 3, 64, 5_000}) {
                assertThat(run("--workers", workers, "--in-flight", "" + inFlight, root.toString()))
                        .as("%s workers, %d in flight", workers, inFlight)
                        .isEqualTo(new ProgramRun(0, tree.lines(root + "/"), tree.summary(Math.min(inFlight, 2_000))));
            }
        }
        assertNoWorkerIsLeft();
    }

    @Test
    void whatCannotBeListedIsReportedAndTheRestIsPrinted() throws IOException {
        Tree tree = new Tree(root).file("a", 12).file("b", 12);
        String link = Files.createSymbolicLink(root.resolve("itself"), Path.of("itself"))
                .toString();

        ProgramRun run = run(root + "/b", root + "/no\nsuch\\file", "", root + "/a", "/dev/null", link);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEqualTo(tree.lines(root + "/"));
        assertThat(run.err().lines())
                .hasSize(5)
                .startsWith(
                        "checksums: " + root + "/no\\nsuch\\\\file: No such file or directory",
                        "checksums: : No such file or directory",
                        "checksums: /dev/null: Not a regular file")
                .anyMatch(line -> line.startsWith("checksums: " + link + ": Too many levels of symbolic links"))
                .endsWith("2 files, 24 bytes, 2 rounds, 2 channels");
    }

    @Test
    void whatCannotBeReadIsReportedAndTheRestIsPrinted() throws IOException {
        Tree tree = new Tree(root).file("1", 12).file("2", 12);
        Path vanishing = Files.createFile(root.resolve("1a"));
        Path changing = Files.createFile(root.resolve("1b"));
        Path unreadable = Path.of("/proc/self/mem");
        assumeTrue(Files.isRegularFile(unreadable), "there is no such file here");

        ProgramRun run = run(
                writes -> {
                    Files.deleteIfExists(vanishing);
                    if (Files.isRegularFile(changing)) {
                        Files.delete(changing);
                        Files.createDirectory(changing);
                    }
                },
                "--in-flight=1",
                unreadable.toString(),
                root.toString());

        assertThat(run)
                .isEqualTo(new ProgramRun(
                        1,
                        tree.lines(root + "/"),
                        "checksums: " + unreadable + ": Input/output error\n"
                                + "checksums: " + vanishing + ": No such file or directory\n"
                                + "checksums: " + changing + ": Is a directory\n"
                                + "2 files, 24 bytes, 5 rounds, 1 channel\n"));
    }

    @Test
    void aWriteErrorEndsTheProgramAndItsWorkers() throws Exception {
        new Tree(root).files(100);
        ProgramRun run = run(
                writes -> {
                    throw new IOException("No space left on device");
                },
                root.toString());
        assertThat(run.err()).isEqualTo("checksums: write error: No space left on device\n");
        assertThat(run.status()).isEqualTo(1);
        assertNoWorkerIsLeft();
    }

    @Test
    void anInterruptEndsTheProgramAndItsWorkers() throws Exception {
        new Tree(root).files(100);
        ProgramRun run = run(writes -> Thread.currentThread().interrupt(), "--in-flight=1", root.toString());
        assertThat(Thread.interrupted()).as("the flag is still set").isTrue();
        assertThat(run.err()).isEqualTo("checksums: interrupted\n");
        assertThat(run.status()).isEqualTo(1);
        assertNoWorkerIsLeft();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--workers 0",
                "--workers x",
                "--workers",
                "--in-flight -3",
                "--in-flight 3000000000",
                "--nonsense"
            })
    void badArgumentsAreRefused(String arguments) {
        String[] args = arguments.split(" ");
        ProgramRun run = run(args);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("checksums: ").contains(args[0]).endsWith("\nTry --help.\n");
    }

    @Test
    void helpIsAResult() {
        ProgramRun run = run("--help");
        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("--workers", "--in-flight", "--serve", "--ask", "PATH", ".git or target");
    }
}
