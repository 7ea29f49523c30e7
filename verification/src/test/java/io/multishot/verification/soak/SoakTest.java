package io.multishot.verification.soak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Receiver;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A short soak in this process, and a shorter one in a process that has no assertions. */
class SoakTest {
    @Test
    void everyValueIsAccountedFor() {
        StringWriter out = new StringWriter();

        int status = Soak.run(new PrintWriter(out, true), "--seconds", "3");

        assertThat(out.toString()).contains("good: every value is accounted for");
        assertThat(out.toString().lines().filter(line -> line.contains(" rounds (+")))
                .as("a line a second")
                .isNotEmpty(); // fewer than seconds if the machine is busy
        assertThat(status).isZero();
    }

    @Test
    void everyValueIsAccountedForWithoutAssertions() throws Exception {
        Process process = soak("-da", "--seconds", "2", "--seed", "7");

        String out = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(out).contains("seed 7", "assertions off", "senders lost 0", "good: every value is accounted for");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void badArgumentsAreToldApartFromDiscrepancies() throws Exception {
        Process process = soak("-da", "--channels", "0");

        String out = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(out).contains("numbers must be positive");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    private static Process soak(String assertions, String... args) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String path = Stream.of(Soak.class, Receiver.class, CommandLine.class)
                .map(SoakTest::origin)
                .collect(Collectors.joining(File.pathSeparator));
        Stream<String> command = Stream.of(java, assertions, "-cp", path, Soak.class.getName());
        return new ProcessBuilder(Stream.concat(command, Stream.of(args)).toList())
                .redirectErrorStream(true)
                .start();
    }

    private static String origin(Class<?> type) {
        return Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }
}
