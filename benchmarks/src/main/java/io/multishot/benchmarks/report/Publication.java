package io.multishot.benchmarks.report;

import io.multishot.benchmarks.Contender.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that people read of the results. */
public final class Publication {
    private static final int WIDTH = 900;
    private static final int LINES = 560;
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
                if (theme != Theme.GROWTH) {
                    chart(results, theme, scenario, folder);
                }
            }
        }
        growth(results, folder);
    }

    private static void chart(Results results, Theme theme, String scenario, Path folder) throws IOException {
        String name = theme.id() + "-" + scenario.replaceAll("[^A-Za-z0-9]+", "-");
        String title = theme.title() + ": " + scenario;
        List<Series> times = results.rows(theme.id(), scenario, Series.TIME);
        Optional<Series> base = Results.base(times);
        if (base.isPresent()) {
            Path file = folder.resolve(name + ".svg");
            Svg.write(Charts.ratios(title, times, base.get()), WIDTH, height(times), file);
        }
        for (String metric : results.metrics(theme.id(), scenario)) {
            if (metric.startsWith(Series.BYTES) && (theme == Theme.ROUND || theme == Theme.MEMORY)) {
                List<Series> bytes = results.rows(theme.id(), scenario, metric);
                Path file = folder.resolve(name + "-bytes.svg");
                Svg.write(Charts.amounts(title, metric, bytes), WIDTH, height(bytes), file);
            }
        }
        List<Charts.Line> latencies = latencies(results, theme, scenario);
        if (!latencies.isEmpty()) {
            Path file = folder.resolve(name + "-latency.svg");
            Svg.write(
                    Charts.lines(title, "nines of the percentile: 1 is 90 %, 2 is 99 %", "ns", latencies, false),
                    WIDTH,
                    LINES,
                    file);
        }
    }

    private static void growth(Results results, Path folder) throws IOException {
        Map<String, List<Charts.Point>> points = new LinkedHashMap<>();
        Map<String, Role> roles = new LinkedHashMap<>();
        for (String scenario : results.scenarios(Theme.GROWTH.id())) {
            double count = Double.parseDouble(scenario.substring(scenario.indexOf('=') + 1));
            for (Series row : results.rows(Theme.GROWTH.id(), scenario, Series.TIME)) {
                roles.put(row.contender(), row.role());
                points.computeIfAbsent(row.contender(), contender -> new ArrayList<>())
                        .add(new Charts.Point(count, Summary.of(row.samples()).median()));
            }
        }
        List<Charts.Line> lines = new ArrayList<>();
        roles.forEach((contender, role) ->
                lines.add(new Charts.Line(contender, role, points.getOrDefault(contender, List.of()))));
        if (!lines.isEmpty()) {
            Svg.write(
                    Charts.lines(Theme.GROWTH.title(), "channels", Theme.GROWTH.unit(), lines, true),
                    WIDTH,
                    LINES,
                    folder.resolve("growth.svg"));
        }
    }

    private static List<Charts.Line> latencies(Results results, Theme theme, String scenario) {
        List<String> percentiles = results.metrics(theme.id(), scenario).stream()
                .filter(JmhRun::isPercentile)
                .toList();
        List<Charts.Line> lines = new ArrayList<>();
        if (!percentiles.isEmpty()) {
            for (Series row : results.rows(theme.id(), scenario, percentiles.get(0))) {
                List<Charts.Point> points = new ArrayList<>();
                for (String percentile : percentiles) {
                    double nines = -Math.log10(1 - JmhRun.percentile(percentile) / 100);
                    results.other(row, percentile)
                            .ifPresent(series -> points.add(new Charts.Point(
                                    nines, Summary.of(series.samples()).median())));
                }
                lines.add(new Charts.Line(row.contender(), row.role(), points));
            }
        }
        return lines;
    }

    private static int height(List<Series> rows) {
        return FRAME + BAR * rows.size();
    }
}
