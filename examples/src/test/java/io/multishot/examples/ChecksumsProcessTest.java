package io.multishot.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in a process of its own: locales, the exit status, a full disk and a terminal. */
class ChecksumsProcessTest {
    private static final String PROGRAM = "\"$JAVA\" " + Checksums.class.getName();
    private static final String SHA256SUM = "find . -type f -print0 | sort -z | xargs -0 sha256sum";

    @TempDir
    private Path root;

    private ProgramRun run(String locale, String command) throws Exception {
        return ProgramRun.ofProcess(root, locale, "sh", "-c", command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void namesKeepTheirBytesInEveryLocale(String locale) throws Exception {
        Tree tree = Tree.odd(root);
        assertThat(run(locale, PROGRAM))
                .isEqualTo(new ProgramRun(0, tree.lines("./"), tree.summary(Math.min(tree.size(), 64))));
    }

    @Test
    void sha256sumPrintsTheSameAndAcceptsIt(@TempDir Path scratch) throws Exception {
        String version = run("C", "sha256sum --version").out();
        assumeTrue(version.contains("(GNU coreutils) 9"), "other versions have other escapes");
        Tree.odd(root);

        String ours = run("C", PROGRAM).out();

        assertThat(ours).isEqualTo(run("C", SHA256SUM).out());
        Path file = Files.writeString(scratch.resolve("SHA256SUMS"), ours, ISO_8859_1);
        assertThat(run("C", "sha256sum --check --strict --quiet " + file)).isEqualTo(new ProgramRun(0, "", ""));
    }

    @Test
    void directoriesOfToolsAreLeftOutUnlessTheyAreGiven() throws Exception {
        Path here = Files.createDirectory(root.resolve("target")); // walked, whatever its name
        Tree tree =
                new Tree(here).file("a/targets/1", 1).file("a/.gitignore", 2).file("target.txt", 3);
        String sources = tree.lines("./");
        tree.file(".git/x/4", 4).file("a/target/5", 5).file("b/.git/6", 6);

        assertThat(run("C", "cd target && " + PROGRAM).out()).isEqualTo(sources);
        assertThat(run("C", "cd target && " + PROGRAM + " .").out()).isEqualTo(tree.lines("./"));
    }

    @Test
    void theExitStatusIsThatOfTheProcess() throws Exception {
        assertThat(run("C", PROGRAM + " missing").status()).isEqualTo(1);
        assertThat(run("C", PROGRAM + " --workers=0").status()).isEqualTo(2);
    }

    @Test
    void aFullDiskIsReported() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "there is no such device here");
        new Tree(root).files(1);
        assertThat(run("C", PROGRAM + " >/dev/full"))
                .isEqualTo(new ProgramRun(1, "", "checksums: write error: No space left on device\n"));
    }

    @Test
    void aProgressBarIsShownOnATerminalAndLeavesOtherLinesWhole(@TempDir Path scratch) throws Exception {
        assumeTrue(run("C", "script --version").out().contains("util-linux"), "there is no script(1) here");
        Tree tree = new Tree(root).files(2);
        Path results = scratch.resolve("results");

        ProgramRun run = run("C", "script -qec '" + PROGRAM + " . missing >" + results + "' /dev/null");

        assertThat(results).hasContent(tree.lines("./"));
        assertThat(run.out())
                .contains("checksums: missing: No such file or directory\r\n")
                .containsPattern(
                        "\rchecksums 100% \\[=+\\] 2/2 files .*\r\n2 files, 24 bytes, 2 rounds, 2 channels\r\n$");
        assertThat(run.status()).isEqualTo(1);
    }
}
