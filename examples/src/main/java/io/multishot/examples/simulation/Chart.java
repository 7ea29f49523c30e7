package io.multishot.examples.simulation;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.multishot.examples.simulation.QueueSimulation.Length;
import io.multishot.examples.simulation.QueueSimulation.Result;
import java.util.List;
import java.util.Locale;

/** Draws the length of each line over time. */
final class Chart {
    private Chart() {}

    static String svg(List<Result> results) {
        List<Length> all = results.stream().flatMap(r -> r.lengths().stream()).toList();
        double time = all.stream().mapToDouble(Length::time).reduce(1, Math::max);
        int most = all.stream().mapToInt(Length::waiting).reduce(1, Math::max);
        StringBuilder svg = new StringBuilder("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1000 420'>\n");
        add(svg, "<rect width='1000' height='420' fill='white'/>%n<text x='10' y='20'>Queue length over time</text>%n");
        add(svg, "<text x='10' y='415'>time: 0 to %.0f; customers waiting: 0 to %d</text>%n", time, most);
        for (int i = 0; i < results.size(); i++) {
            int hue = 360 * i / results.size();
            add(svg, "<text x='%d' y='20' fill='hsl(%d,80%%,40%%)'>", 300 + 80 * i, hue);
            add(
                    svg,
                    "%s</text>%n<path fill='none' stroke='hsl(%d,80%%,40%%)' d='M0 400",
                    results.get(i).queue(),
                    hue);
            for (Length change : results.get(i).lengths()) {
                add(svg, "H%.1fV%.1f", 1000 * change.time() / time, 400 - 370.0 * change.waiting() / most);
            }
            svg.append("'/>\n");
        }
        return svg.append("</svg>\n").toString();
    }

    @FormatMethod
    private static void add(StringBuilder svg, @FormatString String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }
}
