package io.multishot.examples.dns;

import io.multishot.examples.Console;
import io.multishot.examples.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the addresses of the names on standard input, as {@code dig +short} does, with many queries in flight. */
@Command(
        name = "resolve",
        description =
                "Reads names from standard input, one a line, and prints what \"dig +short NAME\" prints for each, "
                        + "in the same order. Names that do not exist print nothing.",
        sortOptions = false,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:the server answered for every name",
            "1:for some it did not; standard error says why",
            "2:bad arguments"
        })
public final class Resolve implements Callable<Integer> {
    private static final Pattern SERVER = Pattern.compile("(?:\\[(.+)]|([^:]+))(?::(\\d{1,5}))?");

    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--server",
            paramLabel = "HOST[:PORT]",
            description = "The DNS server to ask, over UDP; [HOST]:PORT with an IPv6 address (default: port 53 of "
                    + "${DEFAULT-VALUE}).")
    private String server = "127.0.0.1";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long a query waits for its reply (default: ${DEFAULT-VALUE}).")
    private double timeout = 2;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "How many times a query without a reply is repeated (default: ${DEFAULT-VALUE}).")
    private int retries = 2;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Greatest number of names looked up at a time (default: ${DEFAULT-VALUE}). "
                    + "A server on Linux whose receive buffer has the default size has room for 277 queries.")
    private int inFlight = 200;

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean help;

    Resolve(InputStream in, OutputStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Console.main((out, err) -> new Resolve(System.in, out, err), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console.require(spec, timeout > 0 && timeout <= 3600, "--timeout: %s is not between 0 and 3600", timeout);
        Console.require(spec, retries >= 0, "--retries: %d is negative", retries);
        Console.require(
                spec,
                inFlight >= 1 && inFlight <= DnsClient.MAX_CAPACITY,
                "--in-flight: %d is not between 1 and %d",
                inFlight,
                DnsClient.MAX_CAPACITY);
        long start = System.nanoTime();
        Lookups lookups;
        String figures;
        // The capacity is larger than what is in flight, because queries that were given up occupy ids as well.
        try (Progress progress = new Progress("resolve", err);
                DnsClient client = DnsClient.connect(
                        address(), Duration.ofNanos((long) (timeout * 1e9)), DnsClient.MAX_CAPACITY)) {
            lookups = new Lookups(client, inFlight, retries, out, progress);
            progress.start("names", Progress.UNKNOWN);
            lookups.run(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
            figures = String.format(
                    Locale.ROOT,
                    "%,d queries, %,d of them repeated; %,d late replies refused, %,d foreign ones ignored",
                    client.sent(),
                    lookups.repeated(),
                    client.refused(),
                    client.ignored());
        }
        out.flush();
        double seconds = (System.nanoTime() - start) / 1e9;
        err.printf(
                Locale.ROOT,
                "%,d names, %,d failed; %s; %,.0f names per second%n",
                lookups.total(),
                lookups.failed(),
                figures,
                lookups.total() / seconds);
        return lookups.failed() == 0 ? 0 : 1;
    }

    private InetSocketAddress address() {
        Matcher parts = SERVER.matcher(server);
        Console.require(spec, parts.matches(), "--server: %s is not HOST:PORT", server);
        String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
        int port = parts.group(3) == null ? 53 : Integer.parseInt(parts.group(3));
        Console.require(spec, port > 0 && port <= 0xFFFF, "--server: %d is not a port", port);
        InetSocketAddress address = new InetSocketAddress(host, port);
        Console.require(spec, !address.isUnresolved(), "--server: there is no host %s", host);
        return address;
    }
}
