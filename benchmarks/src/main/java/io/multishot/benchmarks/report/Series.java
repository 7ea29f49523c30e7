package io.multishot.benchmarks.report;

import io.multishot.benchmarks.Contender.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * All samples of one figure: of one contender, in one scenario.
 *
 * @param theme the theme's name
 * @param scenario the table that it stands in
 * @param contender the row
 * @param role the contender's part
 * @param place the contender's place among those of the same role
 * @param metric what was measured
 * @param unit its unit
 * @param passes the samples of each pass, one for each iteration
 */
public record Series(
        String theme,
        String scenario,
        String contender,
        Role role,
        int place,
        String metric,
        String unit,
        List<List<Double>> passes) {

    /** The time that one round takes. */
    public static final String TIME = "time";

    /** Bytes allocated by one round. */
    public static final String BYTES = "bytes";

    /**
     * Copies the samples.
     *
     * @param theme the theme's name
     * @param scenario the table that it stands in
     * @param contender the row
     * @param role the contender's part
     * @param place the contender's place among those of the same role
     * @param metric what was measured
     * @param unit its unit
     * @param passes the samples of each pass, one for each iteration
     */
    public Series {
        passes = passes.stream().map(List::copyOf).toList();
    }

    /**
     * Tells whether the other is the same figure, of another pass.
     *
     * @param other the other
     * @return true if they belong together
     */
    public boolean isSameFigure(Series other) {
        return theme.equals(other.theme)
                && scenario.equals(other.scenario)
                && contender.equals(other.contender)
                && metric.equals(other.metric);
    }

    /**
     * The same samples as those of a later pass; the passes before have none.
     *
     * @param pass the number of the pass, from one
     * @return a series of so many passes
     */
    public Series at(int pass) {
        return withPasses(List.of()).with(pass, samples());
    }

    /**
     * Adds the samples of a later pass. Passes in between have none: there the contender has failed.
     *
     * @param pass the number of the pass, from one
     * @param samples its samples
     * @return both
     */
    public Series with(int pass, List<Double> samples) {
        List<List<Double>> all = new ArrayList<>(passes);
        while (all.size() < pass - 1) {
            all.add(List.of());
        }
        all.add(samples);
        return withPasses(all);
    }

    private Series withPasses(List<List<Double>> replaced) {
        return new Series(theme, scenario, contender, role, place, metric, unit, replaced);
    }

    /**
     * All samples of all passes.
     *
     * @return the samples
     */
    public List<Double> samples() {
        return passes.stream().flatMap(List::stream).toList();
    }

    /**
     * Each sample as a multiple of the floor's median in the same pass. A pass that the floor has not is left out.
     *
     * @param floor what it is compared with
     * @return the ratios
     */
    public List<Double> ratiosTo(Series floor) {
        List<Double> ratios = new ArrayList<>();
        for (int pass = 0; pass < Math.min(passes.size(), floor.passes.size()); pass++) {
            if (!floor.passes.get(pass).isEmpty()) {
                double base = Summary.of(floor.passes.get(pass)).median();
                passes.get(pass).forEach(sample -> ratios.add(sample / base));
            }
        }
        return List.copyOf(ratios);
    }
}
