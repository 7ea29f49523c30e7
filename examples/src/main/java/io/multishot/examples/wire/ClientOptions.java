package io.multishot.examples.wire;

import io.multishot.examples.Console;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of a client that reads lines and has many requests in flight. */
public final class ClientOptions {
    private static final double LONGEST_TIMEOUT = 1e6;

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

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Greatest number of requests in flight (default: ${DEFAULT-VALUE}).")
    private int inFlight = 64;

    /**
     * Makes the options of one program.
     *
     * @param port the port at which its server usually is
     */
    public ClientOptions(int port) {
        server = "127.0.0.1:" + port;
    }

    /**
     * Refuses a command line whose options make no sense.
     *
     * @param spec the program's command
     */
    public void check(CommandSpec spec) {
        Console.require(
                spec,
                timeout > 0 && timeout <= LONGEST_TIMEOUT,
                "--timeout: %s is not a number of seconds between 0 and %.0f",
                timeout,
                LONGEST_TIMEOUT);
        Console.require(
                spec,
                inFlight > 0 && inFlight <= 1 << 20,
                "--in-flight: %d is not between 1 and %d",
                inFlight,
                1 << 20);
    }

    /**
     * Looks the server up.
     *
     * @param spec the program's command
     * @return the server's address
     */
    public InetSocketAddress server(CommandSpec spec) {
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
    public Duration timeout() {
        return Duration.ofNanos(Math.max(1, Math.round(timeout * 1e9)));
    }

    /**
     * Returns how many requests may be in flight.
     *
     * @return a positive number
     */
    public int inFlight() {
        return inFlight;
    }

    /**
     * Opens the input.
     *
     * @param standardInput what is read if no file is given
     * @return the lines
     * @throws IOException if the file cannot be opened
     */
    public Lines open(InputStream standardInput) throws IOException {
        return new Lines(file == null ? "standard input" : file.toString(), openBytes(standardInput));
    }

    /**
     * Opens the input, for those who must know whether there is more of it at the moment.
     *
     * @param standardInput what to read if no file was given
     * @return the bytes of the file, or of the standard input
     * @throws IOException if the file cannot be opened
     */
    public InputStream openBytes(InputStream standardInput) throws IOException {
        return file == null ? standardInput : new BufferedInputStream(Files.newInputStream(file));
    }
}
