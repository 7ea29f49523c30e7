package io.multishot.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;

/**
 * One run of a program.
 *
 * @param status the exit status
 * @param out standard output, one char for each byte
 * @param err standard error, one char for each byte
 */
public record ProgramRun(int status, String out, String err) {
    /** The command that runs Java here. */
    public static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** What a test does whenever the program writes to standard output. */
    @FunctionalInterface
    public interface Interference {
        void onWrite(int writes) throws IOException;
    }

    /** Runs a program in this process. */
    public static ProgramRun of(BiFunction<OutputStream, PrintStream, Callable<Integer>> program, String... args) {
        return of(program, writes -> {}, args);
    }

    /** Runs a program in this process while the test interferes. */
    public static ProgramRun of(
            BiFunction<OutputStream, PrintStream, Callable<Integer>> program,
            Interference interference,
            String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream interfered = new FilterOutputStream(out) {
            private int writes;

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                interference.onWrite(++writes);
            }
        };
        int status = Console.run(program, interfered, new PrintStream(err, true, ISO_8859_1), args);
        return new ProgramRun(status, out.toString(ISO_8859_1), err.toString(ISO_8859_1));
    }

    /** Runs a command in a process of its own, in this directory, with the class path of this one. */
    public static ProgramRun ofProcess(Path directory, String locale, String... command) throws Exception {
        Path out = Files.createTempFile("out", null);
        Path err = Files.createTempFile("err", null);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("LC_ALL", locale);
            builder.environment().put("JAVA", JAVA);
            builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            int status = builder.start().waitFor();
            return new ProgramRun(status, Files.readString(out, ISO_8859_1), Files.readString(err, ISO_8859_1));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Waits for the threads with this name, which are about to end. */
    public static void assertNoThreadIsLeft(String name) throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(name)) {
                thread.join(30_000);
                assertThat(thread.isAlive()).as("a thread is left").isFalse();
            }
        }
    }
}
