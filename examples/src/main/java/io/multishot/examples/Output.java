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
import org.jspecify.annotations.Nullable;

/** Writes what {@code sha256sum} writes: results to standard output, problems to standard error. */
final class Output implements AutoCloseable {
    private static final Path ROOT = Path.of("/");

    private final OutputStream out;
    private final Progress progress;

    Output(OutputStream out, PrintStream err) throws InterruptedException {
        this.out = out;
        this.progress = new Progress("checksums", err);
    }

    void startProgress(int files) throws InterruptedException {
        progress.start("files", files);
    }

    void result(Digest digest, Path file) throws IOException {
        String name = escaped(file);
        String mark = name.indexOf('\\') < 0 ? "" : "\\";
        out.write((mark + digest.hex() + "  " + name + "\n").getBytes(ISO_8859_1));
        if (progress.isInteractive()) {
            out.flush();
        }
        progress.step();
    }

    void failure(Path file, @Nullable Throwable reason) {
        problem(file, reason);
        progress.step();
    }

    void problem(Path file, @Nullable Throwable reason) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(escaped(file).getBytes(ISO_8859_1));
        text.writeBytes((": " + Console.reason(reason)).getBytes(UTF_8));
        progress.problem(text.toByteArray());
    }

    boolean hadProblems() {
        return progress.hadProblems();
    }

    @Override
    public void close() throws IOException {
        progress.close();
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
