package io.multishot.examples.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * How long the line was while the first customers arrived. Written by one model, read when the simulation has ended.
 */
final class Trace {
    private final long customers;
    private final List<Point> points = new ArrayList<>();

    /**
     * Makes an empty trace.
     *
     * @param customers how many arrivals it covers; 0 for none
     */
    Trace(long customers) {
        this.customers = customers;
        if (customers > 0) {
            points.add(new Point(0, 0));
        }
    }

    void add(long arrived, double time, int waiting) {
        if (arrived <= customers
                && !points.isEmpty()
                && points.get(points.size() - 1).waiting() != waiting) {
            points.add(new Point(time, waiting));
        }
    }

    List<Point> points() {
        return points;
    }

    /**
     * A change.
     *
     * @param time when
     * @param waiting how many customers wait from then on
     */
    record Point(double time, int waiting) {}
}
