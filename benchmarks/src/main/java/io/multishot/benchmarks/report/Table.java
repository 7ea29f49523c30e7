package io.multishot.benchmarks.report;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.Statistics;

/** The table of one scenario: a row for each contender, with the samples of all passes. */
final class Table {
    private static final Comparator<Contender> FLOORS_FIRST =
            Comparator.comparing(Contender::role).thenComparingInt(Contender::place);

    private final String title;
    private final Map<Contender, Row> rows = new LinkedHashMap<>();

    Table(String title) {
        this.title = title;
    }

    /** A contender's samples of all passes, and each of its times as a multiple of the base's median. */
    record Row(Contender contender, Map<String, ListStatistics> byMetric, ListStatistics ratios) {
        private Row(Contender contender) {
            this(contender, new LinkedHashMap<>(), new ListStatistics());
        }

        private void add(Map<String, List<Double>> samples) {
            samples.forEach((metric, values) ->
                    values.forEach(byMetric.computeIfAbsent(metric, name -> new ListStatistics())::addValue));
        }
    }

    String title() {
        return title;
    }

    /**
     * Adds a pass. Its times are compared with those of the first floor in the same pass, or with ours if there is no
     * floor, so a slow phase of the machine hits both. If that one failed, the pass has no ratios.
     */
    void addPass(Map<Contender, Samples> pass) {
        pass.forEach((contender, samples) ->
                rows.computeIfAbsent(contender, Row::new).add(samples.byMetric()));
        Samples base = pass.get(base());
        if (base != null && !base.times().isEmpty()) {
            double median = median(statistics(base.times()));
            pass.forEach((contender, samples) -> samples.times()
                    .forEach(time ->
                            rows.computeIfAbsent(contender, Row::new).ratios().addValue(time / median)));
        }
    }

    boolean hasRatios() {
        return rows.values().stream().anyMatch(row -> row.ratios().getN() > 0);
    }

    /** Returns whom the ratios are against. */
    Contender base() {
        return rows.keySet().stream().min(FLOORS_FIRST).orElseThrow();
    }

    /** Returns the rows: floors first, then ours, then the peers, sorted by the median of the first metric. */
    List<Row> sorted() {
        return rows.values().stream()
                .sorted(Comparator.comparing(Row::contender, FLOORS_FIRST)
                        .thenComparingDouble(
                                row -> median(row.byMetric().values().iterator().next())))
                .toList();
    }

    String markdown() {
        Set<String> metrics = new LinkedHashSet<>();
        rows.values().forEach(row -> metrics.addAll(row.byMetric().keySet()));
        List<String> header = new ArrayList<>(List.of(""));
        for (String metric : metrics) {
            header.add(metric);
            if (metric.equals(Samples.TIME)) {
                header.addAll(List.of("times the first row: median", "quartiles", "least to most"));
            }
        }
        StringBuilder text = new StringBuilder(line(header));
        text.append("|---").append("|--:".repeat(header.size() - 1)).append("|\n");
        for (Row row : sorted()) {
            String name = row.contender().value();
            List<String> cells = new ArrayList<>();
            cells.add(row.contender().role() == Role.OURS ? "**" + name + "**" : name);
            for (String metric : metrics) {
                ListStatistics samples = row.byMetric().get(metric);
                cells.add(samples == null ? "" : number(median(samples)));
                if (metric.equals(Samples.TIME)) {
                    cells.addAll(ratios(row.ratios()));
                }
            }
            text.append(line(cells));
        }
        return text.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static List<String> ratios(Statistics ratios) {
        if (ratios.getN() == 0) {
            return List.of("", "", "");
        }
        return List.of(
                String.format(Locale.ROOT, "%.2f", median(ratios)),
                String.format(Locale.ROOT, "%.2f to %.2f", ratios.getPercentile(25), ratios.getPercentile(75)),
                String.format(Locale.ROOT, "%.2f to %.2f", ratios.getMin(), ratios.getMax()));
    }

    private static Statistics statistics(List<Double> samples) {
        ListStatistics statistics = new ListStatistics();
        samples.forEach(statistics::addValue);
        return statistics;
    }

    private static double median(Statistics samples) {
        return samples.getPercentile(50);
    }

    /** Formats a number with three significant digits; whole numbers in full. */
    static String number(double value) {
        if (value < 0.005) {
            return "0";
        }
        if (value >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
    }
}
