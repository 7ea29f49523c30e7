package io.multishot.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All that a run of the report has measured.
 *
 * @param machine where
 * @param series what
 */
public record Results(Machine machine, List<Series> series) {
    private static final Comparator<Series> FLOORS_FIRST =
            Comparator.comparing(Series::role).thenComparingInt(Series::place);

    /**
     * Copies the series.
     *
     * @param machine where
     * @param series what
     */
    public Results {
        series = List.copyOf(series);
    }

    /**
     * Adds what a pass has measured: each series to the same figure of the passes before.
     *
     * @param pass the number of the pass, from one
     * @param measured the series of this pass
     * @return both
     */
    public Results with(int pass, List<Series> measured) {
        List<Series> all = new ArrayList<>(series);
        for (Series added : measured) {
            int known = 0;
            while (known < all.size() && !all.get(known).isSameFigure(added)) {
                known++;
            }
            if (known < all.size()) {
                all.set(known, all.get(known).with(pass, added.samples()));
            } else {
                all.add(added.at(pass));
            }
        }
        return new Results(machine, all);
    }

    /**
     * The themes that were run, in the order in which they were.
     *
     * @return their names
     */
    public List<String> themes() {
        return series.stream().map(Series::theme).distinct().toList();
    }

    /**
     * The tables of a theme.
     *
     * @param theme its name
     * @return the names of the scenarios
     */
    public List<String> scenarios(String theme) {
        return series.stream()
                .filter(one -> one.theme().equals(theme))
                .map(Series::scenario)
                .distinct()
                .toList();
    }

    /**
     * The tables of a scenario: one for each choice of its parameters.
     *
     * @param theme its theme's name
     * @param scenario the scenario
     * @return their names
     */
    public List<String> scenarios(String theme, Theme.Scenario scenario) {
        return scenarios(theme).stream()
                .filter(name -> name.equals(scenario.method()) || name.startsWith(scenario.method() + " "))
                .toList();
    }

    /**
     * What was measured in a table.
     *
     * @param theme the theme
     * @param scenario the scenario
     * @return the names of the metrics
     */
    public List<String> metrics(String theme, String scenario) {
        return series.stream()
                .filter(one -> one.theme().equals(theme))
                .filter(one -> one.scenario().equals(scenario))
                .map(Series::metric)
                .distinct()
                .toList();
    }

    /**
     * The rows of a table: floors first, then ours, then the peers, the fastest first.
     *
     * @param theme the theme
     * @param scenario the scenario
     * @param metric what was measured
     * @return a series for each contender
     */
    public List<Series> rows(String theme, String scenario, String metric) {
        return series.stream()
                .filter(one -> one.theme().equals(theme))
                .filter(one -> one.scenario().equals(scenario))
                .filter(one -> one.metric().equals(metric))
                .sorted(FLOORS_FIRST.thenComparingDouble(
                        one -> Summary.of(one.samples()).median()))
                .toList();
    }

    /**
     * What the ratios of a table are against: the first floor, or ours if it has no floor.
     *
     * @param rows the rows of a table
     * @return the first of them, if any
     */
    public static Optional<Series> base(List<Series> rows) {
        return rows.stream().min(FLOORS_FIRST);
    }

    /**
     * Another metric of the same contender in the same table.
     *
     * @param row a row
     * @param metric what was measured
     * @return the series, if it was measured
     */
    public Optional<Series> other(Series row, String metric) {
        return rows(row.theme(), row.scenario(), metric).stream()
                .filter(one -> one.contender().equals(row.contender()))
                .findFirst();
    }
}
