package io.multishot.examples;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** What the programs here do alike with their command line: no colours, no @files, and few words for bad arguments. */
public final class Invocation {
    private Invocation() {}

    /**
     * Runs a program.
     *
     * @param program the command, with a name
     * @param out where the help goes
     * @param err where complaints go
     * @param args the command line
     * @return the exit status
     */
    public static int run(Callable<Integer> program, OutputStream out, PrintStream err, String... args) {
        return new CommandLine(program)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(Invocation::refuse)
                .execute(args);
    }

    private static int refuse(ParameterException problem, String[] args) {
        PrintWriter err = problem.getCommandLine().getErr();
        err.println(problem.getCommandLine().getCommandName() + ": " + problem.getMessage());
        err.println("Try --help.");
        return CommandLine.ExitCode.USAGE;
    }
}
