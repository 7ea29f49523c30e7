package io.multishot.examples.wire;

import io.multishot.SenderFailedException;
import io.multishot.examples.Console;
import io.multishot.examples.Progress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A program that reads lines, has many requests in flight, and says at the end what it did. */
@Command(
        sortOptions = false,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:there were no problems", "1:there were some; standard error lists them", "2:bad arguments"})
public abstract class ClientProgram implements Callable<Integer> {
    private static final double LONGEST_TIMEOUT = 1e6;
    private static final int MOST_IN_FLIGHT = 1 << 20;

    private final InputStream in;

    /** Standard output, buffered. */
    protected final OutputStream out;

    private final PrintStream err;

    /** For messages about the command line. */
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    protected CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "Where the lines are (default: standard input).")
    private @Nullable Path file;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "Where the server is (default: ${DEFAULT-VALUE}).")
    private String server;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait for a reply (default: ${DEFAULT-VALUE}).")
    private double timeout = 5;

    /** The greatest number of requests in flight. */
    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Greatest number of requests in flight (default: ${DEFAULT-VALUE}).")
    protected int inFlight = 64;

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean help;

    /**
     * Makes a program.
     *
     * @param port the port at which its server usually is
     * @param in what is read if no file is given, buffered
     * @param out standard output, buffered
     * @param err standard error
     */
    protected ClientProgram(int port, InputStream in, OutputStream out, PrintStream err) {
        this.server = "127.0.0.1:" + port;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs to the end of the lines.
     *
     * @param lines the input
     * @param progress where problems are reported
     * @throws IOException if a file fails; a {@link ConnectionLostException} that was reported ends the program
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    protected abstract void run(Lines lines, Progress progress) throws IOException, InterruptedException;

    /**
     * Returns what was done, on one line.
     *
     * @param seconds how long it took
     * @return the figures
     */
    protected abstract String figures(double seconds);

    @Override
    public final Integer call() throws IOException, InterruptedException {
        Console.require(
                spec,
                timeout > 0 && timeout <= LONGEST_TIMEOUT,
                "--timeout: %s is not a number of seconds between 0 and %.0f",
                timeout,
                LONGEST_TIMEOUT);
        Console.require(
                spec,
                inFlight > 0 && inFlight <= MOST_IN_FLIGHT,
                "--in-flight: %d is not between 1 and %d",
                inFlight,
                MOST_IN_FLIGHT);
        long start = System.nanoTime();
        Progress progress = new Progress(spec.name(), err);
        try (progress;
                Lines lines = open()) {
            run(lines, progress);
        } catch (ConnectionLostException lost) {
            // This was reported, and the figures show how far it came.
        } finally {
            out.flush();
        }
        err.println(figures((System.nanoTime() - start) / 1e9));
        return progress.hadProblems() ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private Lines open() throws IOException {
        return file == null
                ? new Lines("standard input", in)
                : new Lines(file.toString(), new BufferedInputStream(Files.newInputStream(file)));
    }

    /**
     * Looks the server up.
     *
     * @return the server's address
     */
    protected final InetSocketAddress server() {
        int colon = server.lastIndexOf(':');
        String port = server.substring(colon + 1);
        Console.require(spec, colon > 0 && port.matches("[0-9]{1,5}"), "--server: %s is not HOST:PORT", server);
        Console.require(spec, Integer.parseInt(port) <= 65_535, "--server: there is no port %s", port);
        InetSocketAddress address = new InetSocketAddress(server.substring(0, colon), Integer.parseInt(port));
        Console.require(spec, !address.isUnresolved(), "--server: %s is no host that is known here", server);
        return address;
    }

    /**
     * Returns how long to wait for a reply.
     *
     * @return a positive time
     */
    protected final Duration timeout() {
        return Duration.ofNanos(Math.max(1, Math.round(timeout * 1e9)));
    }

    /**
     * Reports a request without a reply.
     *
     * @param request which one
     * @param failed why
     * @param progress where it is reported
     * @throws IOException if the connection is lost, so that no later request will have a reply either
     */
    protected final void reportFailure(String request, SenderFailedException failed, Progress progress)
            throws IOException {
        Throwable cause = Objects.requireNonNull(failed.getCause());
        out.flush();
        progress.problem(request + ": " + cause.getMessage());
        if (cause instanceof ConnectionLostException lost) {
            throw lost;
        }
    }
}
