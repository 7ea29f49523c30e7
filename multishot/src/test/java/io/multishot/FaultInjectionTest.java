package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
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
    @ValueSource(
            strings = {
                "stack",
                "stack -Xint",
                "heap -Xmx4m -Xms4m -XX:-UseTLAB -XX:-ClassUnloading",
                "heap -Xint -Xmx4m -Xms4m -XX:-UseTLAB -XX:-ClassUnloading"
            })
    void nothingIsLost(String kindAndOptions) throws Exception {
        List<String> options = new ArrayList<>(List.of(kindAndOptions.split(" ")));
        String kind = options.remove(0);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FaultInjection.class.getName()));
        command.addAll(List.of(kind, Integer.toString(PASSES)));
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
