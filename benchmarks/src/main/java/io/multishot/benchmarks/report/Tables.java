package io.multishot.benchmarks.report;

import io.multishot.benchmarks.Contender.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/** The results as Markdown. */
public final class Tables {
    private final Results results;

    /**
     * Makes tables.
     *
     * @param results of what
     */
    public Tables(Results results) {
        this.results = results;
    }

    /**
     * All tables.
     *
     * @return Markdown
     */
    public String all() {
        StringJoiner text = new StringJoiner("\n");
        text.add("<!-- written by the report; do not edit -->\n");
        text.add(machine());
        for (Theme theme : Theme.values()) {
            if (results.themes().contains(theme.id())) {
                text.add("## " + theme.title() + "\n");
                theme.scenarios().forEach(scenario -> add(text, theme, scenario));
            }
        }
        return text.toString();
    }

    /**
     * The tables of one scenario, without headings; each with a line of its own if there are several.
     *
     * @param theme its theme
     * @param scenario the scenario
     * @return Markdown
     */
    public String of(Theme theme, Theme.Scenario scenario) {
        StringJoiner text = new StringJoiner("\n");
        List<String> names = results.scenarios(theme.id(), scenario);
        for (String name : names) {
            if (names.size() > 1) {
                text.add("**" + name.substring(scenario.method().length()).replaceFirst("\\W+", "") + "**\n");
            }
            text.add(tables(theme, name));
        }
        return text.toString();
    }

    private void add(StringJoiner text, Theme theme, Theme.Scenario scenario) {
        if (!scenario.runsOn(results.machine().feature())) {
            text.add("### " + scenario.title() + "\n\nLeft out: it needs JDK " + scenario.since() + ".\n");
            return;
        }
        for (String name : results.scenarios(theme.id(), scenario)) {
            text.add(
                    "### " + scenario.title() + name.substring(scenario.method().length()) + "\n");
            text.add(tables(theme, name));
        }
    }

    private String tables(Theme theme, String name) {
        List<String> metrics = results.metrics(theme.id(), name);
        if (!metrics.contains(Series.TIME)) {
            return wide(theme, name, metrics);
        }
        List<String> percentiles = metrics.stream().filter(JmhRun::isPercentile).toList();
        return percentiles.isEmpty()
                ? ratios(theme, name)
                : ratios(theme, name) + "\nLatency in ns, of sampled rounds:\n\n" + wide(theme, name, percentiles);
    }

    /**
     * Where and of what the figures are.
     *
     * @return Markdown
     */
    public String machine() {
        Machine machine = results.machine();
        StringJoiner versions = new StringJoiner(", ");
        machine.versions().forEach((name, version) -> versions.add(name + " " + version));
        return String.format(
                Locale.ROOT,
                """
                %s, %s collector, commit %s, %s. %s, %d processors, %d GiB, %s.

                Versions: %s. Peers that need a newer JDK than this one are left out: Jox needs JDK 21.
                """,
                machine.jdk(),
                machine.collector(),
                machine.commit(),
                machine.date(),
                machine.processor(),
                machine.processors(),
                machine.memory(),
                machine.system(),
                versions);
    }

    private String ratios(Theme theme, String name) {
        List<Series> rows = results.rows(theme.id(), name, Series.TIME);
        Optional<Series> base = Results.base(rows);
        StringBuilder text = new StringBuilder("| | ").append(theme.unit());
        text.append(
                " | times the first row: median | quartiles | least to most | bytes |\n|---|--:|--:|--:|--:|--:|\n");
        for (Series row : rows) {
            text.append("| ").append(label(row)).append(" | ");
            text.append(number(Summary.of(row.samples()).median())).append(" | ");
            base.ifPresent(floor -> text.append(ratio(row.ratiosTo(floor))));
            text.append(results.other(row, Series.BYTES)
                    .map(bytes -> bytes(Summary.of(bytes.samples()).median()))
                    .orElse(""));
            text.append(" |\n");
        }
        return text.toString();
    }

    /** A column of medians for each metric. */
    private String wide(Theme theme, String name, List<String> metrics) {
        StringBuilder text = new StringBuilder("| |");
        StringBuilder line = new StringBuilder("|---|");
        for (String metric : metrics) {
            Series any = results.rows(theme.id(), name, metric).get(0);
            text.append(' ').append(metric);
            text.append(any.unit().isEmpty() ? "" : ", " + any.unit()).append(" |");
            line.append("--:|");
        }
        text.append('\n').append(line).append('\n');
        for (Series row : results.rows(theme.id(), name, metrics.get(0))) {
            List<String> cells = new ArrayList<>();
            for (String metric : metrics) {
                cells.add(results.other(row, metric)
                        .map(series -> number(Summary.of(series.samples()).median()))
                        .orElse(""));
            }
            text.append("| ").append(label(row)).append(" | ");
            text.append(String.join(" | ", cells)).append(" |\n");
        }
        return text.toString();
    }

    private static String label(Series row) {
        return row.role() == Role.OURS ? "**" + row.contender() + "**" : row.contender();
    }

    private static String ratio(List<Double> ratios) {
        if (ratios.isEmpty()) {
            return " | | | ";
        }
        Summary summary = Summary.of(ratios);
        return String.format(
                Locale.ROOT,
                "%.2f | %.2f to %.2f | %.2f to %.2f | ",
                summary.median(),
                summary.lower(),
                summary.upper(),
                summary.min(),
                summary.max());
    }

    /** Three digits that matter; none after the point if it is a whole number. */
    static String number(double value) {
        if (value >= 1000 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** Less than a tenth of a byte a round is the JVM's own doing. */
    private static String bytes(double value) {
        return value < 0.1 ? "0" : number(value);
    }
}
