package io.multishot.benchmarks.report;

import io.multishot.benchmarks.Contender.Role;
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
        text.add(machine());
        for (Theme theme : Theme.values()) {
            if (results.themes().contains(theme.id())) {
                text.add("## " + theme.title() + "\n");
                for (Theme.Scenario scenario : theme.scenarios()) {
                    for (String name : results.scenarios(theme.id())) {
                        if (name.equals(scenario.method()) || name.startsWith(scenario.method() + " ")) {
                            text.add(table(theme, scenario, name));
                        }
                    }
                }
            }
        }
        return text.toString();
    }

    private String machine() {
        Machine machine = results.machine();
        StringJoiner versions = new StringJoiner(", ");
        machine.versions().forEach((name, version) -> versions.add(name + " " + version));
        return String.format(
                Locale.ROOT,
                """
                <!-- written by the report; do not edit -->

                %s, %s collector, commit %s, %s. %s, %d processors, %d GiB, %s.

                Versions: %s.
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

    private String table(Theme theme, Theme.Scenario scenario, String name) {
        List<Series> rows = results.rows(theme.id(), name, Series.TIME);
        Optional<Series> base = Results.base(rows);
        StringBuilder text = new StringBuilder(
                "### " + scenario.title() + name.substring(scenario.method().length()));
        text.append("\n\n| | ").append(theme.unit());
        text.append(
                " | times the first row: median | quartiles | least to most | bytes |\n|---|--:|--:|--:|--:|--:|\n");
        for (Series row : rows) {
            text.append("| ").append(label(row)).append(" | ");
            text.append(number(Summary.of(row.samples()).median())).append(" | ");
            base.ifPresent(floor -> text.append(ratios(row.ratiosTo(floor))));
            text.append(results.other(row, Series.BYTES)
                    .map(bytes -> bytes(Summary.of(bytes.samples()).median()))
                    .orElse(""));
            text.append(" |\n");
        }
        return text.toString();
    }

    private static String label(Series row) {
        return row.role() == Role.OURS ? "**" + row.contender() + "**" : row.contender();
    }

    private static String ratios(List<Double> ratios) {
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

    /** Three digits that matter. */
    static String number(double value) {
        if (value >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** Less than a tenth of a byte a round is the JVM's own doing. */
    private static String bytes(double value) {
        return value < 0.1 ? "0" : number(value);
    }
}
