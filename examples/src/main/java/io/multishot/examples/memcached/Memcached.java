package io.multishot.examples.memcached;

import io.multishot.examples.Console;
import io.multishot.examples.Progress;
import io.multishot.examples.wire.ClientOptions;
import io.multishot.examples.wire.Lines;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Stores a value for each of many keys in memcached, then asks for all of them, and reports what is not as it was. */
@Command(
        name = "memcached",
        description = "Stores a value for each key, one a line, in memcached. Then asks for all of them, and reports "
                + "each that is missing or has another value.",
        sortOptions = false,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every key had its value",
            "1:some did not, or had no reply; standard error says which",
            "2:bad arguments"
        })
public final class Memcached implements Callable<Integer> {
    private final InputStream in;
    private final PrintStream err;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions(11_211);

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean help;

    private boolean hadBadKeys;

    Memcached(InputStream in, PrintStream err) {
        this.in = in;
        this.err = err;
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Console.main((out, err) -> new Memcached(System.in, err), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check(spec);
        Check check;
        try (Progress progress = new Progress("memcached", err)) {
            List<byte[]> keys = readKeys(progress);
            try (MemcachedClient client =
                    new MemcachedClient(options.server(spec), options.inFlight(), options.timeout())) {
                progress.start("requests", 2L * keys.size());
                check = new Check(keys, client, options.inFlight(), progress);
                check.run();
            }
        }
        err.println(check.summary());
        return hadBadKeys || check.hadProblems() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    /** Reads all keys; reports those that memcached cannot have. */
    private List<byte[]> readKeys(Progress progress) throws IOException {
        List<byte[]> keys = new ArrayList<>();
        try (InputStream input = options.open(in)) {
            Lines lines = new Lines(input);
            for (byte[] key = lines.next(); key != null; key = lines.next()) {
                if (MemcachedClient.isKey(key)) {
                    keys.add(key);
                } else {
                    progress.problem("line " + lines.number() + ": " + MemcachedClient.whyNoKey(key));
                    hadBadKeys = true;
                }
            }
        }
        return keys;
    }
}
