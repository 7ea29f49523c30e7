package io.multishot.benchmarks.report;

import io.multishot.benchmarks.Contender.Role;
import java.awt.Color;
import java.util.List;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** The results as charts. */
final class Charts {
    private static final double SMALLEST = 0.01;

    /** Up to this ratio lengths can be compared by eye; beyond it, the short bars would all look the same. */
    private static final double GREATEST_LINEAR = 12;

    private static final Color GRID = new Color(0xDDDDDD);

    private Charts() {}

    /** One bar for each row: its ratio to the first, with a whisker from the lower to the upper quartile. */
    static JFreeChart ratios(String title, List<Series> rows, Series base) {
        DefaultCategoryDataset medians = new DefaultCategoryDataset();
        WhiskeredBars bars = new WhiskeredBars();
        double greatest = 0;
        for (Series row : rows) {
            List<Double> ratios = row.ratiosTo(base);
            if (!ratios.isEmpty()) {
                Summary summary = Summary.of(ratios);
                medians.addValue(summary.median(), "ratio", row.contender());
                bars.add(color(row.role()), summary);
                greatest = Math.max(greatest, summary.upper());
            }
        }
        String unit = "times the median of: " + base.contender();
        JFreeChart chart = bars(title, unit, medians, bars);
        if (greatest > GREATEST_LINEAR) {
            chart.getCategoryPlot().setRangeAxis(logarithmic(unit + " (logarithmic)", 2));
        } else {
            bars.setBase(0);
            chart.getCategoryPlot().getRangeAxis().setUpperBound(1.05 * greatest);
        }
        chart.getCategoryPlot().addRangeMarker(new ValueMarker(1, Color.DARK_GRAY, WhiskeredBars.THIN));
        return chart;
    }

    /** One bar for each row: the median of what it counts. */
    static JFreeChart amounts(String title, String unit, List<Series> rows) {
        DefaultCategoryDataset medians = new DefaultCategoryDataset();
        WhiskeredBars bars = new WhiskeredBars();
        for (Series row : rows) {
            Summary summary = Summary.of(row.samples());
            medians.addValue(summary.median(), "amount", row.contender());
            bars.add(color(row.role()), summary);
        }
        return bars(title, unit, medians, bars);
    }

    /** One line for each contender. */
    static JFreeChart lines(String title, String across, String up, List<Line> lines, boolean logarithmicAcross) {
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
        int peers = 0;
        for (Line line : lines) {
            XYSeries points = new XYSeries(line.name());
            line.points().forEach(point -> points.add(point.x(), point.y()));
            int index = data.getSeriesCount();
            data.addSeries(points);
            renderer.setSeriesPaint(index, line.role() == Role.PEER ? peerColor(peers++) : color(line.role()));
        }
        JFreeChart chart = ChartFactory.createXYLineChart(title, across, up, data);
        XYPlot plot = chart.getXYPlot();
        plot.setRenderer(renderer);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinePaint(GRID);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeAxis(logarithmic(up, logarithmicAcross ? 2 : 10));
        if (logarithmicAcross) {
            plot.setDomainAxis(logarithmic(across, 10));
        }
        return chart;
    }

    private static JFreeChart bars(String title, String unit, DefaultCategoryDataset medians, WhiskeredBars bars) {
        JFreeChart chart = ChartFactory.createBarChart(
                title, null, unit, medians, PlotOrientation.HORIZONTAL, false, false, false);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setRenderer(bars);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(GRID);
        plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(0.5f);
        if (plot.getRangeAxis() instanceof NumberAxis axis) {
            axis.setNumberFormatOverride(new PlainNumbers());
        }
        return chart;
    }

    /** An axis with a mark at each power of the base. */
    private static ValueAxis logarithmic(String label, int base) {
        LogAxis axis = new LogAxis(label);
        axis.setBase(base);
        axis.setSmallestValue(SMALLEST);
        axis.setTickUnit(new NumberTickUnit(1));
        axis.setNumberFormatOverride(new PlainNumbers());
        return axis;
    }

    private static Color color(Role role) {
        return switch (role) {
            case FLOOR -> new Color(0x9E9E9E);
            case OURS -> new Color(0xD81B60);
            case PEER -> new Color(0x5C8FC7);
        };
    }

    private static Color peerColor(int index) {
        return Color.getHSBColor(0.35f + 0.11f * index, 0.65f, 0.75f);
    }

    /** A line of a chart. */
    record Line(String name, Role role, List<Point> points) {}

    /** A point of a line. */
    record Point(double x, double y) {}
}
