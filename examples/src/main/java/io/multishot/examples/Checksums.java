package io.multishot.examples;

import io.aeron.exceptions.AeronException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Prints the SHA-256 of every file under the given paths, in the format of {@code sha256sum}, sorted by path.
 *
 * <p>One task reads the answers of many workers, each through a channel that it uses again for the next file. So it
 * knows which answer belongs to which file, holds few of them at a time, and allocates no channel per file.
 */
@Command(
        name = "checksums",
        description = "Prints the SHA-256 of every file under the given paths, in the format of sha256sum, "
                + "sorted by path. Links are followed only if they are given.",
        sortOptions = false,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:every file was read", "1:some were not; standard error says why", "2:bad arguments"})
public final class Checksums implements Callable<Integer> {
    private final OutputStream out;
    private final PrintStream err;
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "PATH", description = "Files, and directories to walk (default: .).")
    private List<String> paths = List.of(".");

    @Option(
            names = "--workers",
            paramLabel = "N",
            converter = Positive.class,
            description = "How many workers read files (default: one for each processor).")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            converter = Positive.class,
            description = "How many files may be asked for at a time (default: ${DEFAULT-VALUE}).")
    private int inFlight = 64;

    @Option(
            names = "--threads",
            paramLabel = "KIND",
            description = "What the workers run on: platform or virtual threads (default: platform).")
    private Threads threads = Threads.PLATFORM;

    @ArgGroup
    private Where where = new Where();

    @Option(
            names = "--driver",
            paramLabel = "DIR",
            description = "Directory of Aeron's media driver, for --serve to make and --ask to find. "
                    + "CHANNEL may be aeron:ipc then (default: each has a driver of its own).")
    private @Nullable Path driver;

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    private Checksums(OutputStream out, PrintStream err, Terminal terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /**
     * Runs the program. Results go to the file descriptor itself, because they are bytes, and to know when it is full.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        int status = run(out, System.err, Terminal.ofThisProcess(), args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Runs the program and returns its exit status. */
    static int run(OutputStream out, PrintStream err, Terminal terminal, String... args) {
        return Invocation.run(new Checksums(out, err, terminal), out, err, args);
    }

    /** Called by picocli when the arguments are good. */
    @Override
    public Integer call() {
        try {
            if (where.serve != null) {
                Remote.serve(where.serve, driver, executor(), err);
            }
            return checksum() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (NobodyAnswersException | AeronException | IllegalArgumentException | UncheckedIOException unusable) {
            err.println("checksums: " + unusable.getMessage());
        } catch (IOException unwritten) {
            err.println("checksums: write error: " + Reason.of(unwritten));
        } catch (InterruptedException interrupted) {
            err.println("checksums: interrupted");
            Thread.currentThread().interrupt();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private boolean checksum() throws IOException, InterruptedException {
        Screen screen = new Screen(out, err, terminal);
        Summary summary;
        try (screen;
                Remote.@Nullable Asking remote = where.ask == null ? null : new Remote.Asking(where.ask, driver);
                Workers running = new Workers(executor())) {
            List<ListedFile> files = FileList.of(paths, screen::problem);
            int channels = Math.min(inFlight, files.size());
            BlockingQueue<Request> requests = new ArrayBlockingQueue<>(Math.max(channels, 1));
            try (Reader reader = new Reader(files, channels, requests, screen)) {
                running.start(
                        Math.min(workers, channels),
                        remote == null ? () -> new Hasher(requests) : remote.workers(requests));
                screen.startProgress(files.size());
                reader.readAll();
                summary = reader.summary();
            }
        }
        err.println(summary);
        return !screen.hadProblems();
    }

    private ExecutorService executor() {
        try {
            return threads.executor(workers);
        } catch (UnsupportedOperationException olderJdk) {
            throw new ParameterException(spec.commandLine(), olderJdk.getMessage(), olderJdk);
        }
    }

    /** The other process, if there is one. */
    private static final class Where {
        @Option(
                names = "--serve",
                paramLabel = "CHANNEL",
                description = "Be the workers of other processes, at this channel of Aeron, "
                        + "such as aeron:udp?endpoint=HOST:PORT. Ends when it is interrupted.")
        private @Nullable String serve;

        @Option(
                names = "--ask",
                paramLabel = "CHANNEL",
                description = "Read the files here, but have their blocks hashed there.")
        private @Nullable String ask;
    }

    /** Reads a number that must not be zero or negative. */
    private static final class Positive implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                int number = Integer.parseInt(text);
                if (number > 0) {
                    return number;
                }
            } catch (NumberFormatException noNumber) {
                // The message is the same.
            }
            throw new TypeConversionException("'" + text + "' is not a positive number");
        }
    }
}
