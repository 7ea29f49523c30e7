package io.multishot.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.multishot.examples.Worker.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HexFormat;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Writes what {@code sha256sum} writes: results to standard output, problems to standard error. A progress bar is on
 * the last line of standard error if that is a terminal, unless the results themselves scroll past there.
 */
final class Output implements AutoCloseable {
    private static final String ERASE_LINE = "\r\033[K";
    private static final int COLUMNS = 79;
    private static final Path ROOT = Path.of("/");

    private final OutputStream out;
    private final PrintStream err;
    private final boolean isInteractive;
    private @Nullable ProgressBar bar;
    private boolean hadProblems;

    Output(OutputStream out, PrintStream err) throws InterruptedException {
        this.out = out;
        this.err = err;
        this.isInteractive = isTerminal(1);
    }

    void startProgress(int files) throws InterruptedException {
        if (!isInteractive && isTerminal(2)) {
            bar = ProgressBar.builder()
                    .setTaskName("checksums")
                    .setUnit(" files", 1)
                    .setInitialMax(files)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(100)
                    .setConsumer(new ConsoleProgressBarConsumer(err, COLUMNS))
                    .build();
        }
    }

    /** Asks {@code test} of POSIX, because {@link System#console()} does not know about standard error alone. */
    private static boolean isTerminal(int fileDescriptor) throws InterruptedException {
        try {
            ProcessBuilder test = new ProcessBuilder("test", "-t", "" + fileDescriptor);
            return test.inheritIO().start().waitFor() == 0;
        } catch (IOException notPosix) {
            return false;
        }
    }

    void result(Digest digest, Path file) throws IOException {
        String name = escaped(file);
        String mark = name.indexOf('\\') < 0 ? "" : "\\";
        out.write((mark + digest.hex() + "  " + name + "\n").getBytes(ISO_8859_1));
        if (isInteractive) {
            out.flush();
        }
        step();
    }

    void failure(Path file, @Nullable Throwable reason) {
        problem(file, reason);
        step();
    }

    /** Reports a file in one write, because the progress bar is drawn by a thread of its own. */
    void problem(Path file, @Nullable Throwable reason) {
        hadProblems = true;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(((bar == null ? "" : ERASE_LINE) + "checksums: " + escaped(file)).getBytes(ISO_8859_1));
        line.writeBytes((": " + Console.reason(reason) + "\n").getBytes(UTF_8));
        err.writeBytes(line.toByteArray());
    }

    private void step() {
        if (bar != null) {
            bar.step();
        }
    }

    boolean hadProblems() {
        return hadProblems;
    }

    @Override
    public void close() throws IOException {
        if (bar != null) {
            bar.close();
        }
        out.flush();
    }

    /** Returns the name on one line, with the escapes of {@code sha256sum}, one char for each byte. */
    private static String escaped(Path file) {
        return bytes(file).replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    /**
     * Returns the bytes of the name, as the file system keeps them. {@code Path.toString()} replaces those that the
     * locale cannot decode, which in the POSIX locale are all but ASCII; the URI has each as itself or as %XX.
     */
    private static String bytes(Path file) {
        String uri = ROOT.resolve(file).toUri().getRawPath();
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length(); // the URI of a directory ends with a slash
        StringBuilder bytes = new StringBuilder(end);
        for (int i = file.isAbsolute() ? 0 : 1; i < end; i++) {
            if (uri.charAt(i) == '%') {
                bytes.append((char) HexFormat.fromHexDigits(uri, i + 1, i + 3));
                i += 2;
            } else {
                bytes.append(uri.charAt(i));
            }
        }
        return bytes.toString();
    }
}
