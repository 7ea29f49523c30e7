package io.multishot.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * What a program shows on standard error while it runs: problems, and below them a progress bar. The bar is drawn only
 * if standard error is a terminal, and the results themselves do not scroll past there.
 */
public final class Progress implements AutoCloseable {
    /** What {@link #start} is given if the number of steps is not known. */
    public static final long UNKNOWN = -1;

    private static final String ERASE_LINE = "\r\033[K";
    private static final int COLUMNS = 79;

    private final String program;
    private final PrintStream err;
    private final boolean isInteractive;
    private @Nullable ProgressBar bar;
    private boolean hadProblems;

    /**
     * Makes a progress whose bar is not drawn yet.
     *
     * @param program the name of the program
     * @param err standard error
     * @throws InterruptedException if the thread is interrupted while it asks what the output is
     */
    public Progress(String program, PrintStream err) throws InterruptedException {
        this.program = program;
        this.err = err;
        this.isInteractive = isTerminal(1);
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

    /**
     * Draws the bar from now on.
     *
     * @param steps what is counted, in the plural
     * @param max how many steps there will be, or {@link #UNKNOWN}
     * @throws InterruptedException if the thread is interrupted while it asks what standard error is
     */
    public void start(String steps, long max) throws InterruptedException {
        if (!isInteractive && isTerminal(2)) {
            bar = ProgressBar.builder()
                    .setTaskName(program)
                    .setUnit(" " + steps, 1)
                    .setInitialMax(max)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(100)
                    .setConsumer(new ConsoleProgressBarConsumer(err, COLUMNS))
                    .build();
        }
    }

    /** Moves the bar by one step. */
    public void step() {
        if (bar != null) {
            bar.step();
        }
    }

    /**
     * Prints a line about a problem.
     *
     * @param text what the problem is
     */
    public void problem(String text) {
        problem(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Prints a line about a problem, in one write, because a thread of its own draws the bar.
     *
     * @param text what the problem is
     */
    public void problem(byte[] text) {
        hadProblems = true;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(((bar == null ? "" : ERASE_LINE) + program + ": ").getBytes(StandardCharsets.UTF_8));
        line.writeBytes(text);
        line.write('\n');
        err.writeBytes(line.toByteArray());
    }

    /**
     * Returns whether a problem was printed.
     *
     * @return true if there was one
     */
    public boolean hadProblems() {
        return hadProblems;
    }

    /**
     * Returns whether someone reads the results while they are printed.
     *
     * @return true if standard output is a terminal
     */
    public boolean isInteractive() {
        return isInteractive;
    }

    /** Draws the bar for the last time. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
