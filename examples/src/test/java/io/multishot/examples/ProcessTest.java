package io.multishot.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in a process of its own: locales, terminals and what only {@code main} does. */
class ProcessTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String MAIN = Checksums.class.getName();

    @TempDir
    private Path scratch;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(scratch.resolve("root"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "C.UTF-8"})
    void namesKeepTheirBytesInEveryLocaleAndNoBarIsShownWithoutATerminal(String locale) throws Exception {
        Tree tree = Tree.odd(root);

        Program program = run(locale, checksums());

        assertThat(program.out()).isEqualTo(tree.lines("./"));
        assertThat(program.err())
                .matches("[0-9]+ files, [0-9,]+ bytes, [0-9]+ rounds, 64 channels\n")
                .startsWith(tree.size() + " files");
        assertThat(program.status()).isZero();
    }

    @Test
    void theOutputIsThatOfSha256sumWhichAcceptsIt() throws Exception {
        String find = "find . -type f -print0 | sort -z | xargs -0 ";
        Program tools = run("C", "sh", "-c", "sha256sum --version && " + find + "true");
        assumeTrue(tools.status() == 0 && tools.out().contains("(GNU coreutils) 9"), "other tools, other escapes");
        Tree.odd(root);

        Program ours = run("C", checksums());

        assertThat(ours.out())
                .isEqualTo(run("C", "sh", "-c", find + "sha256sum").out());
        Path file = Files.writeString(scratch.resolve("SHA256SUMS"), ours.out(), ISO_8859_1);
        assertThat(run("C", "sha256sum", "--check", "--strict", "--quiet", file.toString()))
                .isEqualTo(new Program(0, "", ""));
    }

    @Test
    void dotAndNamesThatLookLikeOptionsOrListsOfArguments() throws Exception {
        Tree tree = new Tree(root).file("-dash").file("@at").file("at").file("d/e");

        assertThat(run("C", checksums("@at", "d/", "--", "-dash")).out())
                .isEqualTo(tree.lineAs("-dash", "-dash") + tree.lineAs("@at", "@at") + tree.lineAs("d/e", "d/e"));
        assertThat(run("C", checksums(".")).out()).isEqualTo(tree.lines("./"));
    }

    @Test
    void theExitStatusIsThatOfTheProcess() throws Exception {
        assertThat(run("C", checksums("missing")))
                .isEqualTo(new Program(
                        1,
                        "",
                        "checksums: missing: No such file or directory\n0 files, 0 bytes, 0 rounds, 0 channels\n"));
        assertThat(run("C", checksums("--workers=0")).status()).isEqualTo(2);
    }

    @Test
    void aFullDiskIsNoticed() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "there is no such device here");
        new Tree(root).file("a");

        Program program = run("C", "sh", "-c", "\"$JAVA\" $MAIN >/dev/full");

        assertThat(program).isEqualTo(new Program(1, "", "checksums: write error: No space left on device\n"));
    }

    @Test
    void onATerminalABarIsShownThatLeavesEveryLineWhole() throws Exception {
        assumeTrue(run("C", "sh", "-c", "script --version").out().contains("util-linux"), "no such script(1) here");
        Tree tree = new Tree(root).file("a").file("b");

        Program program = run("C", "script", "-qec", "\"$JAVA\" $MAIN . missing", "/dev/null");

        // What is left of a line when everything before the last erasure is gone.
        List<String> lines = Pattern.compile("\r\n")
                .splitAsStream(program.out())
                .map(line -> line.replaceFirst("(?s).*\r\033\\[K", ""))
                .toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).isEqualTo("checksums: missing: No such file or directory");
        assertThat(lines.get(1) + "\n" + lines.get(2) + "\n").isEqualTo(tree.lines("./"));
        assertThat(lines.get(3)).startsWith("checksums 100% [").contains("2/2 files");
        assertThat(lines.get(4)).isEqualTo("2 files, 24 bytes, 2 rounds, 2 channels");
        assertThat(program.status()).isEqualTo(1);
    }

    private static String[] checksums(String... args) {
        return Stream.concat(Stream.of(JAVA, MAIN), Arrays.stream(args)).toArray(String[]::new);
    }

    /** Runs a command in the root of the tree. */
    private Program run(String locale, String... command) throws Exception {
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("LC_ALL", locale);
        builder.environment().put("JAVA", JAVA);
        builder.environment().put("MAIN", MAIN);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        int status = builder.start().waitFor();
        return new Program(status, Files.readString(out, ISO_8859_1), Files.readString(err, ISO_8859_1));
    }
}
