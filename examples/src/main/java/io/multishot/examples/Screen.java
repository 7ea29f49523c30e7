package io.multishot.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is printed: results on standard output; problems, and on a terminal a progress bar, on standard
 * error. The bar has the last line to itself. Whoever prints a line erases it first and draws it again below.
 */
final class Screen implements AutoCloseable {
    private static final String ERASE_LINE = "\r\033[K";
    private static final int REFRESH_MILLIS = 100;

    private final OutputStream out;
    private final PrintStream err;
    private final Terminal terminal;

    private @Nullable ProgressBar bar;
    private String drawn = "";
    private boolean hadProblems;

    Screen(OutputStream out, PrintStream err, Terminal terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** Shows the bar, if there is a terminal to show it on. */
    void startProgress(int files) {
        if (terminal.columns() > 0) {
            bar = ProgressBar.builder()
                    .setTaskName("checksums")
                    .setUnit(" files", 1)
                    .setInitialMax(files)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(REFRESH_MILLIS)
                    .setConsumer(new DelegatingProgressBarConsumer(this::draw, terminal.columns() - 1))
                    .build();
        }
    }

    void progress(long files) {
        if (bar != null) {
            bar.stepTo(files);
        }
    }

    /** Prints a line as sha256sum does, in one piece. */
    synchronized void result(Digest digest, FileName name) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        if (name.needsEscapes()) {
            line.write('\\');
        }
        line.writeBytes((digest.hex() + "  ").getBytes(StandardCharsets.US_ASCII));
        line.writeBytes(name.escaped());
        line.write('\n');
        if (terminal.showsResults()) {
            erase();
            line.writeTo(out);
            out.flush();
            redraw();
        } else {
            line.writeTo(out);
        }
    }

    /** Says what went wrong with a file. */
    synchronized void problem(FileName name, @Nullable Throwable reason) {
        hadProblems = true;
        erase();
        err.print("checksums: ");
        err.writeBytes(name.escaped());
        err.println(": " + Reason.of(reason));
        redraw();
    }

    boolean hadProblems() {
        return hadProblems;
    }

    /** Leaves the bar as it is, and sends out the results. */
    @Override
    public void close() throws IOException {
        if (bar != null) {
            boolean interrupted = Thread.interrupted();
            bar.close(); // waits for its last drawing, unless interrupted
            bar = null;
            err.println();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        out.flush();
    }

    /** Called by the bar, on its thread. */
    private synchronized void draw(String line) {
        erase();
        drawn = line;
        redraw();
    }

    private void erase() {
        if (!drawn.isEmpty()) {
            err.print(ERASE_LINE);
            err.flush();
        }
    }

    private void redraw() {
        err.print(drawn);
        err.flush();
    }
}
