package io.multishot.examples.dns;

import io.multishot.examples.Console;
import io.multishot.examples.Progress;
import io.multishot.examples.wire.ClientOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the addresses of many names, as {@code dig +short} does, with many queries in flight. */
@Command(
        name = "resolve",
        description = "Reads names, one a line, and prints what \"dig +short NAME\" prints for each, in the same "
                + "order. Names that do not exist print nothing.",
        sortOptions = false,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:the server answered for every name",
            "1:for some it did not; standard error says why",
            "2:bad arguments"
        })
public final class Resolve implements Callable<Integer> {
    /** So few that the client has ids for them and for the orphans they leave if the server stalls. */
    private static final int MAX_IN_FLIGHT = DnsClient.MAX_CAPACITY / 8;

    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions(53);

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "How many times a query without a reply is repeated (default: ${DEFAULT-VALUE}).")
    private int retries = 2;

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
        options.check(spec);
        int inFlight = options.inFlight();
        Console.require(spec, inFlight <= MAX_IN_FLIGHT, "--in-flight: %d is more than %d", inFlight, MAX_IN_FLIGHT);
        Console.require(spec, retries >= 0, "--retries: %d is negative", retries);
        long start = System.nanoTime();
        Lookups lookups;
        DnsClient client = DnsClient.connect(options.server(spec), options.timeout(), DnsClient.MAX_CAPACITY);
        try (client;
                InputStream input = options.open(in);
                Progress progress = new Progress("resolve", err)) {
            progress.start("names", Progress.UNKNOWN);
            lookups = new Lookups(client, inFlight, retries, out, progress);
            lookups.run(new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8)));
        } finally {
            out.flush();
        }
        err.printf(
                Locale.ROOT,
                "names %,d, failed %,d, queries repeated %,d, replies refused %,d, ignored %,d, names per second %,.0f%n",
                lookups.first,
                lookups.failed,
                lookups.repeated,
                client.table.refused(),
                client.ignored.get(),
                lookups.first / ((System.nanoTime() - start) / 1e9));
        return lookups.failed == 0 ? 0 : 1;
    }
}
