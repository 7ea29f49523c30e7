package io.multishot.examples.simulation;

import io.multishot.examples.simulation.Experiment.Result;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.w3c.dom.Document;

/** The length of the line over time, as a picture. */
final class Chart {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 400;
    private static final int FRACTION_DIGITS = 9;
    private static final Color GRID = new Color(0xDDDDDD);
    private static final List<Color> COLORS = List.of(
            new Color(0x5C8FC7), new Color(0xD81B60), new Color(0x43A047), new Color(0xFB8C00), new Color(0x757575));

    private Chart() {}

    /** Writes it as SVG: a curve for each waiting line. */
    static void write(List<Result> results, Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        SVGGraphics2D graphics = new SVGGraphics2D(document());
        graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
        chart(results).draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        StringWriter text = new StringWriter();
        graphics.stream(text, true);
        Files.writeString(file, text.toString().replace("\r\n", "\n"));
    }

    private static JFreeChart chart(List<Result> results) {
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setDrawSeriesLineAsPath(true);
        for (Result result : results) {
            int index = data.getSeriesCount();
            data.addSeries(curve(result));
            renderer.setSeriesPaint(index, COLORS.get(index % COLORS.size()));
        }
        JFreeChart chart = ChartFactory.createXYLineChart(
                "Queue length over time, from the first replication", "time", "customers waiting", data);
        XYPlot plot = chart.getXYPlot();
        plot.setRenderer(renderer);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinePaint(GRID);
        plot.setRangeGridlinePaint(GRID);
        plot.getRangeAxis().setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        setPlainNumbers(plot.getDomainAxis());
        setPlainNumbers(plot.getRangeAxis());
        return chart;
    }

    /** Numbers that are the same in every locale. */
    private static void setPlainNumbers(ValueAxis axis) {
        if (axis instanceof NumberAxis numbers) {
            NumberFormat plain = NumberFormat.getInstance(Locale.ROOT);
            plain.setMaximumFractionDigits(FRACTION_DIGITS);
            numbers.setNumberFormatOverride(plain);
        }
    }

    /** A curve of steps: at each change the old length, then the new one. */
    private static XYSeries curve(Result result) {
        XYSeries curve = new XYSeries(result.experiment().load().toString(), false);
        int waiting = 0;
        for (Trace.Point point : result.trace().points()) {
            curve.add(point.time(), waiting);
            curve.add(point.time(), point.waiting());
            waiting = point.waiting();
        }
        return curve;
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(NAMESPACE, "svg", null);
        } catch (ParserConfigurationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
