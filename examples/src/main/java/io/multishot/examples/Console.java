package io.multishot.examples;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.aeron.exceptions.AeronException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line and the error messages that the programs here have in common. */
public final class Console {
    private static final List<Class<? extends Exception>> UNUSABLE_CHANNEL = List.of(
            ConnectException.class, AeronException.class, IllegalArgumentException.class, UncheckedIOException.class);

    private Console() {}

    /**
     * Runs a program as this process. Unlike {@link System#out}, the stream it writes to reports that a disk is full.
     *
     * @param program makes the command from standard output and standard error
     * @param args the command line
     */
    public static void main(BiFunction<OutputStream, PrintStream, Callable<Integer>> program, String... args) {
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        int status = run(program, out, System.err, args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /**
     * Runs a program, and prints one line about each error that the user can do something about.
     *
     * @param program makes the command from standard output and standard error
     * @param out standard output
     * @param err standard error
     * @param args the command line
     * @return the exit status: 0 for success, 1 for failure, 2 for bad arguments
     */
    public static int run(
            BiFunction<OutputStream, PrintStream, Callable<Integer>> program,
            OutputStream out,
            PrintStream err,
            String... args) {
        return new CommandLine(program.apply(out, err))
                .setExpandAtFiles(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(Console::refuse)
                .setExecutionExceptionHandler(Console::fail)
                .execute(args);
    }

    /**
     * Refuses the command line unless a condition holds.
     *
     * @param spec the program's command
     * @param isGood the condition
     * @param message what is wrong: a format, for the root locale
     * @param arguments the arguments of the format
     */
    @FormatMethod
    public static void require(CommandSpec spec, boolean isGood, @FormatString String message, Object... arguments) {
        if (!isGood) {
            throw new ParameterException(spec.commandLine(), String.format(Locale.ROOT, message, arguments));
        }
    }

    private static int refuse(ParameterException problem, String[] args) {
        PrintWriter err = problem.getCommandLine().getErr();
        err.println(problem.getCommandLine().getCommandName() + ": " + problem.getMessage());
        err.println("Try --help.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int fail(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        String message;
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            message = "interrupted";
        } else if (failure instanceof FileSystemException unusable) {
            message = unusable.getFile() + ": " + reason(unusable);
        } else if (UNUSABLE_CHANNEL.stream().anyMatch(type -> type.isInstance(failure))) {
            message = String.valueOf(failure.getMessage());
        } else if (failure instanceof IOException) {
            message = "write error: " + reason(failure);
        } else {
            throw failure; // a bug: picocli prints its stack trace
        }
        command.getErr().println(command.getCommandName() + ": " + message);
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** Says why a file cannot be used: as the system does, where Java has a class instead of the words. */
    static String reason(@Nullable Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (failure instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        return failure instanceof IOException && failure.getMessage() != null ? failure.getMessage() : "" + failure;
    }
}
