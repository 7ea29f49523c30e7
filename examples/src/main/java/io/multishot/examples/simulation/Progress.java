package io.multishot.examples.simulation;

import io.multishot.examples.Terminal;
import java.io.PrintStream;
import java.util.concurrent.atomic.LongAdder;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** How many customers have arrived: a bar on standard error, if that is on a terminal. */
final class Progress implements AutoCloseable {
    private static final String ERASE_LINE = "\r\033[K";
    private static final int REFRESH_MILLIS = 100;

    private final LongAdder customers = new LongAdder();
    private final PrintStream err;
    private final @Nullable ProgressBar bar;

    Progress(PrintStream err, Terminal terminal, long all) {
        this.err = err;
        this.bar = terminal.columns() == 0
                ? null
                : ProgressBar.builder()
                        .setTaskName("simulation")
                        .setUnit(" customers", 1)
                        .setInitialMax(all)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(REFRESH_MILLIS)
                        .setConsumer(new DelegatingProgressBarConsumer(this::draw, terminal.columns() - 1))
                        .build();
    }

    /** Counts them. Any thread. */
    LongAdder customers() {
        return customers;
    }

    /** Moves the bar. */
    void show() {
        if (bar != null) {
            bar.stepTo(customers.sum());
        }
    }

    /** Leaves the bar as it is. */
    @Override
    public void close() {
        if (bar != null) {
            show();
            boolean interrupted = Thread.interrupted();
            bar.close(); // waits for its last drawing, unless interrupted
            err.println();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Called by the bar, on its thread. */
    private void draw(String line) {
        err.print(ERASE_LINE + line);
        err.flush();
    }
}
