package io.multishot.examples;

import io.multishot.examples.Worker.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Prints the SHA-256 of every file under the given paths, in the format of {@code sha256sum}, sorted by path. One
 * {@link Collector} awaits the replies of many {@link Worker}s, through channels that it uses again and again.
 */
@Command(
        name = "checksums",
        description = "Prints the SHA-256 of every file under the given paths, in the format of sha256sum, "
                + "sorted by path. Follows a symbolic link only if it is given as a PATH.",
        sortOptions = false,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:every file was read", "1:some were not; standard error says why", "2:bad arguments"})
public final class Checksums implements Callable<Integer> {
    private static final Path HERE = Path.of(".");

    /** What belongs to the tools: not walked if the command line has no path. */
    private static final Set<String> OF_TOOLS = Set.of(".git", "target");

    private final OutputStream out;
    private final PrintStream err;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            description = "Files, and directories to walk. The default is the current directory without any directory "
                    + "that is named .git or target; a PATH, such as a dot, is walked whole.")
    private List<Path> paths = List.of();

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Number of threads that read files (default: one for each processor).")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Greatest number of requests in flight (default: ${DEFAULT-VALUE}).")
    private int inFlight = 64;

    @Option(
            names = "--serve",
            paramLabel = "CHANNEL",
            description = "Hash blocks for other processes, at this Aeron channel, "
                    + "such as aeron:udp?endpoint=HOST:PORT, until interrupted.")
    private @Nullable String serve;

    @Option(
            names = "--ask",
            paramLabel = "CHANNEL",
            description = "Read the files here, but have their blocks hashed by the process that serves this channel.")
    private @Nullable String ask;

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean help;

    Checksums(OutputStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Console.main(Checksums::new, args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console.require(spec, workers > 0, "--workers: %d is not a positive number", workers);
        Console.require(spec, inFlight > 0, "--in-flight: %d is not a positive number", inFlight);
        Console.require(spec, serve == null || ask == null, "--serve and --ask exclude each other");
        if (serve != null) {
            BlockServer.serve(serve, workers, err);
            return CommandLine.ExitCode.OK;
        }
        return print() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** Returns true if every file was read. */
    private boolean print() throws IOException, InterruptedException {
        Output output = new Output(out, err);
        String summary;
        try (output;
                BlockClient client = ask == null ? null : new BlockClient(ask);
                Workers threads = new Workers("checksums-worker", workers)) {
            List<Path> files = paths.isEmpty()
                    ? FileList.under(List.of(HERE), OF_TOOLS, output::problem)
                    : FileList.under(paths, Set.of(), output::problem);
            int channels = Math.min(inFlight, files.size());
            BlockingQueue<Request> requests = new ArrayBlockingQueue<>(Math.max(channels, 1));
            try (Collector collector = new Collector(files, channels, requests, output)) {
                for (int i = 0; i < Math.min(workers, channels); i++) {
                    threads.execute(client == null ? new LocalWorker(requests) : client.worker(requests));
                }
                output.startProgress(files.size());
                collector.collect();
                summary = collector.summary();
            }
        }
        err.println(summary);
        return !output.hadProblems();
    }
}
