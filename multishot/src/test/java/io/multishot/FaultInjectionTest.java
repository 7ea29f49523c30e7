package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is lost if memory or stack runs out in a call. {@link FaultInjection} explains how that is tried. */
@Tag("process")
@Tag("stress")
@Tag("unchecked")
class FaultInjectionTest {
    /** How often each scenario is tried in the deep tier; 0 in every build. */
    private static final int PASSES = Integer.getInteger("multishot.faults.passes", 0);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"-Xmixed", "-Xint"})
    void shortOfStack(String mode) throws Exception {
        assertNothingIsLost("stack", mode);
    }

    /** Little of the code is compiled then, so the frames are large. */
    @ParameterizedTest
    @ValueSource(strings = {"open.*", "table\\..*", "queue\\..*", "(expire|failAll|close of).*"})
    void shortOfStackInFewOfTheCalls(String names) throws Exception {
        assertNothingIsLost(List.of("stack", "6", names), "-Xmixed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmixed", "-Xint"})
    void shortOfMemory(String mode) throws Exception {
        assertNothingIsLost("heap", mode, "-Xmx4m", "-Xms4m", "-XX:-UseTLAB", "-XX:-ClassUnloading");
    }

    @Test
    void shortOfMemoryInTheCheckedMode() throws Exception {
        assertNothingIsLost("heap", "-ea", "-Xint", "-Xmx6m", "-Xms6m", "-XX:-UseTLAB", "-XX:-ClassUnloading");
    }

    private void assertNothingIsLost(String kind, String... options) throws Exception {
        assertNothingIsLost(List.of(kind, Integer.toString(PASSES)), options);
    }

    private void assertNothingIsLost(List<String> arguments, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FaultInjection.class.getName()));
        command.addAll(arguments);
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }
}
