package io.multishot.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * One run of the program in this JVM, and what came of it.
 *
 * @param status the exit status
 * @param out standard output, a char for each byte
 * @param err standard error, a char for each byte
 */
record Program(int status, String out, String err) {
    static Program run(String... args) {
        return run(lines -> {}, args);
    }

    /** Runs it while the test interferes. */
    static Program run(Interference interference, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Checksums.run(
                new Interfered(out, interference), new PrintStream(err, true, ISO_8859_1), Terminal.NONE, args);
        return new Program(status, out.toString(ISO_8859_1), err.toString(ISO_8859_1));
    }

    /** Waits for the workers that are about to end; one that is not fails the test. */
    static void assertNoWorkerIsLeft() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("checksums-worker")) {
                thread.join(30_000);
                assertThat(thread.isAlive()).as("a worker is left").isFalse();
            }
        }
    }

    /** What a test does when the program has printed this many lines. */
    @FunctionalInterface
    interface Interference {
        void afterLine(int lines) throws IOException;
    }

    private static final class Interfered extends FilterOutputStream {
        private final Interference interference;
        private int lines;

        Interfered(OutputStream out, Interference interference) {
            super(out);
            this.interference = interference;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            lines++;
            interference.afterLine(lines);
        }
    }
}
