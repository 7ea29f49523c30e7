package io.multishot.examples.simulation;

import io.multishot.examples.simulation.QueueSimulation.Length;
import io.multishot.examples.simulation.QueueSimulation.Result;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** Draws the length of each line over time. */
final class Chart {
    private Chart() {}

    static String svg(List<Result> results) {
        List<Length> all = results.stream().flatMap(r -> r.lengths().stream()).toList();
        double time = all.stream().mapToDouble(Length::time).reduce(1, Math::max);
        int most = all.stream().mapToInt(Length::waiting).reduce(1, Math::max);
        Formatter svg = new Formatter(Locale.ROOT);
        svg.format("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1000 420'>%n");
        svg.format("<rect width='1000' height='420' fill='white'/>%n");
        svg.format("<text x='10' y='20'>Queue length over time</text>%n");
        svg.format("<text x='10' y='415'>time: 0 to %.0f; customers waiting: 0 to %d</text>%n", time, most);
        for (int i = 0; i < results.size(); i++) {
            Result result = results.get(i);
            String color = "hsl(" + 360 * i / results.size() + ",80%,40%)";
            svg.format("<text x='%d' y='20' fill='%s'>%s</text>%n", 300 + 80 * i, color, result.queue());
            svg.format("<path fill='none' stroke='%s' d='M0 400", color);
            for (Length change : result.lengths()) {
                svg.format("H%.1fV%.1f", 1000 * change.time() / time, 400 - 370.0 * change.waiting() / most);
            }
            svg.format("'/>%n");
        }
        return svg.format("</svg>%n").toString();
    }
}
