package io.multishot.benchmarks;

import io.multishot.benchmarks.report.Effort;
import io.multishot.benchmarks.report.Page;
import io.multishot.benchmarks.report.Publication;
import io.multishot.benchmarks.report.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the benchmarks and writes what they say: figures, tables and charts. */
@Command(
        name = "report",
        description =
                "Runs the benchmarks and writes what they say into a folder named after the JDK and the collector: "
                        + "all samples as JSON and CSV, tables as Markdown, charts as SVG.",
        sortOptions = false)
public final class Report implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Kind kind;

    @Option(
            names = "--gc",
            paramLabel = "NAME",
            split = ",",
            description = "Garbage collectors: G1, Parallel, Serial, Z (default: ${DEFAULT-VALUE}).")
    private List<String> collectors = List.of("G1");

    @Option(
            names = "--only",
            paramLabel = "THEME",
            split = ",",
            description =
                    "Only these chapters, or scenarios as in round.ready. The others keep their results if those are of today, and of the same commit.")
    private List<String> only = List.of();

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where the folders of results are (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("results");

    @Option(
            names = "--page",
            paramLabel = "FILE",
            split = ",",
            description = "Pages of Markdown whose tables are to be written anew from the results.")
    private List<Path> pages = List.of();

    @Option(names = "--help", usageHelp = true, description = "Prints this and exits.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    private Report() {}

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Report()).execute(args));
    }

    /** Called by picocli when the arguments are understood. */
    @Override
    public Integer call() throws Exception {
        for (String collector : collectors) {
            Path folder = out.resolve(Run.folder(collector));
            if (!kind.render) {
                new Run(kind.full ? Effort.FULL : Effort.SHORT, collector, only, folder, System.out).run();
            }
            Publication.write(folder);
            System.out.println("written: " + folder);
        }
        for (Path page : pages) {
            Page.fill(page, out);
        }
        return CommandLine.ExitCode.OK;
    }

    private static final class Kind {
        @Option(names = "--short", required = true, description = "A look: under ten minutes.")
        @SuppressWarnings("UnusedVariable") // what is not full is short
        private boolean brief;

        @Option(names = "--full", required = true, description = "Figures to cite: five passes, an hour and a half.")
        private boolean full;

        @Option(
                names = "--render",
                required = true,
                description = "Runs nothing; writes tables and charts of the last results again.")
        private boolean render;
    }
}
