package io.multishot.verification.soak;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: runs random rounds over many channels, injects faults, and accounts for every value. */
@Command(
        name = "soak",
        description = "Runs random rounds over many channels for a given time, injects faults, and accounts for every "
                + "value: sent = received + refused + discarded + thrown back. With assertions (-ea) it also loses "
                + "senders.",
        sortOptions = false,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every value is accounted for",
            "1:a discrepancy or a hang; standard output names the seed",
            "2:bad arguments"
        })
public final class Soak implements Callable<Integer> {
    private final PrintWriter out;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "N", description = "How long (default: ${DEFAULT-VALUE}).")
    private long seconds = 30;

    @Option(names = "--hours", paramLabel = "N", description = "How long, in hours; may be a fraction.")
    private double hours;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The seed of all random plans (default: a new one each time).")
    private long seed = System.nanoTime();

    @Option(names = "--channels", paramLabel = "N", description = "How many (default: ${DEFAULT-VALUE}).")
    private int channels = 32;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many threads use the senders (default: ${DEFAULT-VALUE}).")
    private int threads = 4;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "After how long without progress a channel counts as hung (default: ${DEFAULT-VALUE}).")
    private long patience = 20;

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private Soak(PrintWriter out) {
        this.out = out;
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        int status = run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Runs the program and returns its exit status. */
    static int run(PrintWriter out, String... args) {
        return new CommandLine(new Soak(out)).setOut(out).execute(args);
    }

    /** Called by picocli after it has parsed the arguments. */
    @Override
    public Integer call() throws InterruptedException {
        long time = hours > 0 ? (long) (hours * TimeUnit.HOURS.toSeconds(1)) : seconds;
        if (time <= 0 || channels <= 0 || threads <= 0 || patience <= 0) {
            throw new ParameterException(spec.commandLine(), "numbers must be positive");
        }
        return new SoakRun(out, seed, channels, patience).run(time, threads)
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }
}
