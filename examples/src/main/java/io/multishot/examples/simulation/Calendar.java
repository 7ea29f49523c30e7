package io.multishot.examples.simulation;

import java.util.PriorityQueue;

/** The events to come, in the order in which they happen. */
final class Calendar {
    private final PriorityQueue<Event> events = new PriorityQueue<>();

    void add(Event event) {
        events.add(event);
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /** When the next event happens. */
    double nextTime() {
        return events.element().time();
    }

    /** Takes the next event out. */
    Event next() {
        return events.remove();
    }
}
