package io.multishot.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.CategoryItemRendererState;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.category.CategoryDataset;

/** Horizontal bars of medians, each in a colour of its own, with a whisker from the lower to the upper quartile. */
final class WhiskeredBars extends BarRenderer {
    static final BasicStroke THIN = new BasicStroke(1);

    private static final long serialVersionUID = 1;
    private static final double LEAST = 0.01;

    private final transient List<Color> colors = new ArrayList<>();
    private final transient List<Summary> summaries = new ArrayList<>();

    @SuppressWarnings("this-escape") // the setters of a renderer only set
    WhiskeredBars() {
        setBarPainter(new StandardBarPainter());
        setShadowVisible(false);
        setBase(LEAST);
    }

    /** Adds the next bar's looks. */
    void add(Color color, Summary summary) {
        colors.add(color);
        summaries.add(summary);
    }

    @Override
    public Paint getItemPaint(int row, int column) {
        return colors.get(column);
    }

    @Override
    public void drawItem(
            Graphics2D graphics,
            CategoryItemRendererState state,
            Rectangle2D area,
            CategoryPlot plot,
            CategoryAxis across,
            ValueAxis up,
            CategoryDataset data,
            int row,
            int column,
            int pass) {
        super.drawItem(graphics, state, area, plot, across, up, data, row, column, pass);
        RectangleEdge edge = plot.getRangeAxisEdge();
        Summary summary = summaries.get(column);
        double from = up.valueToJava2D(Math.max(LEAST, summary.lower()), area, edge);
        double to = up.valueToJava2D(Math.max(LEAST, summary.upper()), area, edge);
        double middle = across.getCategoryMiddle(column, data.getColumnCount(), area, plot.getDomainAxisEdge());
        double cap = state.getBarWidth() / 4;
        graphics.setPaint(Color.BLACK);
        graphics.setStroke(THIN);
        graphics.draw(new Line2D.Double(from, middle, to, middle));
        graphics.draw(new Line2D.Double(from, middle - cap, from, middle + cap));
        graphics.draw(new Line2D.Double(to, middle - cap, to, middle + cap));
    }
}
