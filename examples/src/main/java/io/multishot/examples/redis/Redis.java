package io.multishot.examples.redis;

import io.multishot.examples.Console;
import io.multishot.examples.Progress;
import io.multishot.examples.wire.ClientOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the Redis commands of a file, and prints what {@code redis-cli} prints for the same input, only sooner. */
@Command(
        name = "redis",
        description = "Runs commands of Redis, one a line, and prints what redis-cli prints if its output is no "
                + "terminal. Does not wait for a reply before it sends the next command. Commands without "
                + "exactly one reply, such as SUBSCRIBE, are refused.",
        sortOptions = false,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every command had a reply, be it an error",
            "1:some had none; standard error says why",
            "2:bad arguments"
        })
public final class Redis implements Callable<Integer> {
    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final ClientOptions options = new ClientOptions(6379);

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean help;

    Redis(InputStream in, OutputStream out, PrintStream err) {
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
        Console.main((out, err) -> new Redis(System.in, out, err), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check(spec);
        Commands commands;
        try (InputStream lines = options.open(in);
                Progress progress = new Progress("redis", err);
                RedisClient client = new RedisClient(options.server(spec), options.inFlight(), options.timeout())) {
            progress.start("commands", Progress.UNKNOWN);
            commands = new Commands(lines, client, options.inFlight(), out, progress);
            commands.run();
        } finally {
            out.flush();
        }
        err.println(commands.summary());
        return commands.hadProblems() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }
}
