package io.multishot.benchmarks.report;

import io.multishot.benchmarks.Contender.Role;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Paint;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.category.StatisticalBarRenderer;
import org.jfree.data.statistics.DefaultStatisticalCategoryDataset;

/** Draws a table's ratios as bars. White, with colors of medium brightness: readable on light and dark pages. */
final class Chart {
    private static final int WIDTH = 900;
    private static final int FRAME = 110;
    private static final int BAR = 24;

    /** Longer bars are cut off; the number stands beside each name. */
    private static final double LONGEST = 8;

    private Chart() {}

    /** Returns a bar for each median, with a whisker of half the distance between the quartiles to each side. */
    static String svg(Table table) throws IOException, ParserConfigurationException {
        List<Table.Row> bars =
                table.sorted().stream().filter(row -> row.ratios().getN() > 0).toList();
        DefaultStatisticalCategoryDataset data = new DefaultStatisticalCategoryDataset();
        double longest = 1;
        for (Table.Row bar : bars) {
            double median = bar.ratios().getPercentile(50);
            double deviation = (bar.ratios().getPercentile(75) - bar.ratios().getPercentile(25)) / 2;
            String name = String.format(Locale.ROOT, "%s  %.2f", bar.contender().value(), median);
            data.add(median, deviation, table.title(), name);
            longest = Math.max(longest, median + deviation);
        }
        JFreeChart chart = ChartFactory.createBarChart(
                table.title(),
                null,
                "times the median of: " + table.base().value(),
                data,
                PlotOrientation.HORIZONTAL,
                false,
                false,
                false);
        CategoryPlot plot = chart.getCategoryPlot();
        StatisticalBarRenderer renderer = new StatisticalBarRenderer() {
            @Override
            public Paint getItemPaint(int row, int column) {
                return color(bars.get(column).contender().role());
            }
        };
        renderer.setErrorIndicatorPaint(Color.BLACK);
        plot.setRenderer(renderer);
        plot.addRangeMarker(new ValueMarker(1, Color.DARK_GRAY, new BasicStroke(1)));
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(0.6f);
        plot.getRangeAxis().setRange(0, Math.min(LONGEST, 1.05 * longest));
        return draw(chart, FRAME + BAR * bars.size());
    }

    private static String draw(JFreeChart chart, int height) throws IOException, ParserConfigurationException {
        SVGGraphics2D graphics = new SVGGraphics2D(DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .getDOMImplementation()
                .createDocument("http://www.w3.org/2000/svg", "svg", null));
        graphics.setSVGCanvasSize(new Dimension(WIDTH, height));
        chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
        StringWriter text = new StringWriter();
        graphics.stream(text, true);
        return text.toString();
    }

    private static Color color(Role role) {
        return switch (role) {
            case FLOOR -> new Color(0x9E9E9E);
            case OURS -> new Color(0xD81B60);
            case PEER -> new Color(0x5C8FC7);
        };
    }
}
