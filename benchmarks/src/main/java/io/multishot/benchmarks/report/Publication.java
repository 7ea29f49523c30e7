package io.multishot.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Everything that people read of the results. */
public final class Publication {
    private static final int WIDTH = 900;
    private static final int FRAME = 110;
    private static final int BAR = 24;

    private Publication() {}

    /**
     * Writes the tables and the charts beside the results.
     *
     * @param folder where the results are
     * @throws IOException if that fails
     */
    public static void write(Path folder) throws IOException {
        Results results = ResultFiles.read(folder);
        Files.writeString(folder.resolve("tables.md"), new Tables(results).all());
        for (Theme theme : Theme.values()) {
            for (String scenario : results.scenarios(theme.id())) {
                chart(results, theme, scenario, folder);
            }
        }
    }

    private static void chart(Results results, Theme theme, String scenario, Path folder) throws IOException {
        String name = theme.id() + "-" + scenario.replaceAll("[^A-Za-z0-9]+", "-");
        List<Series> times = results.rows(theme.id(), scenario, Series.TIME);
        Optional<Series> base = Results.base(times);
        if (base.isPresent()) {
            Svg.write(
                    Charts.ratios(theme.title() + ": " + scenario, times, base.get()),
                    WIDTH,
                    height(times),
                    folder.resolve(name + ".svg"));
        }
        List<Series> bytes = results.rows(theme.id(), scenario, Series.BYTES);
        if (!bytes.isEmpty()) {
            Svg.write(
                    Charts.amounts(theme.title() + ": " + scenario, "bytes a round", bytes),
                    WIDTH,
                    height(bytes),
                    folder.resolve(name + "-bytes.svg"));
        }
    }

    private static int height(List<Series> rows) {
        return FRAME + BAR * rows.size();
    }
}
