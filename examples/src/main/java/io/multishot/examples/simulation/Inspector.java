package io.multishot.examples.simulation;

import io.multishot.examples.simulation.InLine.Turn;

/**
 * Goes to the line again and again, at regular times, and asks to be told when it is his turn. When that takes too long
 * he gives up. So he finds out how often a wait is longer than his patience.
 */
final class Inspector extends Model {
    private final Requestor<Inspector, Turn> inspections;
    private final double patience;
    private final double period;

    private boolean isOver;

    Inspector(Scheduler scheduler, Line line, double patience, double period) {
        super(scheduler);
        this.inspections = new Requestor<>(this, line.inspections(), this::told);
        this.patience = patience;
        this.period = period;
        after(period, this::inspect);
    }

    private void inspect() {
        if (!isOver) {
            inspections.ask(this, patience);
            after(period, this::inspect);
        }
    }

    private void told(Turn turn) {
        isOver = turn == Turn.CLOSED;
    }
}
