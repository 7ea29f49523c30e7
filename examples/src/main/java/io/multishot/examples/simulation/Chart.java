package io.multishot.examples.simulation;

import io.multishot.examples.simulation.QueueSimulation.Result;
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
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.w3c.dom.Document;

/** Draws the length of each line over time. */
final class Chart {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 400;

    private Chart() {}

    static void write(List<Result> results, Path file) throws IOException, ParserConfigurationException {
        System.setProperty("java.awt.headless", "true");
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .getDOMImplementation()
                .createDocument("http://www.w3.org/2000/svg", "svg", null);
        SVGGraphics2D graphics = new SVGGraphics2D(document);
        graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
        chart(results).draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        StringWriter text = new StringWriter();
        graphics.stream(text, true);
        Files.writeString(file, text.toString());
    }

    private static JFreeChart chart(List<Result> results) {
        XYSeriesCollection data = new XYSeriesCollection();
        results.forEach(result -> data.addSeries(steps(result)));
        JFreeChart chart = ChartFactory.createXYLineChart("Queue length over time", "time", "customers waiting", data);
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setDrawSeriesLineAsPath(true);
        XYPlot plot = chart.getXYPlot();
        plot.setRenderer(renderer);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        setPlainNumbers((NumberAxis) plot.getDomainAxis());
        setPlainNumbers((NumberAxis) plot.getRangeAxis());
        return chart;
    }

    /** Makes the numbers the same in every locale. */
    private static void setPlainNumbers(NumberAxis axis) {
        axis.setNumberFormatOverride(NumberFormat.getInstance(Locale.ROOT));
    }

    private static XYSeries steps(Result result) {
        XYSeries steps = new XYSeries(result.queue().toString(), false);
        int waiting = 0;
        for (QueueSimulation.Length change : result.lengths()) {
            steps.add(change.time(), waiting);
            steps.add(change.time(), change.waiting());
            waiting = change.waiting();
        }
        return steps;
    }
}
