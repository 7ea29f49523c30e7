package io.multishot.examples.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own, without assertions: that is how it is used. */
class SimulationProcessTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String MAIN = Simulation.class.getName();
    private static final List<String> SMALL = List.of("--arrival=0.5", "--servers=1,2", "--customers=20000");

    @TempDir
    private Path scratch;

    @Test
    void channelsAllocateNothingAndNoBarIsShownWithoutATerminal() throws Exception {
        Run run = run(command(Stream.of(JAVA, MAIN)));

        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("M/M/1: ").contains("M/M/2: ");
        assertThat(run.err().lines()).hasSize(3);
        assertThat(run.err())
                .containsPattern("^[\\d,]+ rounds in ")
                .contains("bytes allocated by channels in a replication: 0 (median); ")
                .containsPattern("besides, for each of [\\d,]+ new senders .*: 2[4-9]\\.\\d \\(median\\)");
    }

    @Test
    void anotherProcessPrintsTheSameAlsoWithAnotherCompiler() throws Exception {
        Run run = run(command(Stream.of(JAVA, MAIN, "--workers=2")));
        Run other = run(command(Stream.of(JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", MAIN, "--workers=3")));

        assertThat(other.status()).isZero();
        assertThat(other.out()).isEqualTo(run.out()).isNotEmpty();
    }

    @Test
    void theExitStatusIsThatOfTheProcess() throws Exception {
        assertThat(run(List.of(JAVA, MAIN, "--arrival=2")).status()).isEqualTo(2);
    }

    @Test
    void onATerminalABarIsShown() throws Exception {
        assumeTrue(run(List.of("sh", "-c", "script --version")).out().contains("util-linux"), "no such script(1) here");

        Run run = run(List.of("script", "-qec", "\"$JAVA\" $MAIN " + String.join(" ", SMALL), "/dev/null"));

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("\r\033[K").containsPattern("simulation 100% \\[=+\\] \\d+/\\d+ customers");
        assertThat(run.out()).contains("M/M/2: ");
    }

    private static List<String> command(Stream<String> program) {
        return Stream.concat(program, SMALL.stream()).toList();
    }

    private Run run(List<String> command) throws Exception {
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA", JAVA);
        builder.environment().put("MAIN", MAIN);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        int status = builder.start().waitFor();
        return new Run(status, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }
}
