package io.multishot.examples.simulation;

import io.multishot.Sender;
import io.multishot.Task;
import io.multishot.examples.simulation.Scheduler.Event;
import io.multishot.examples.simulation.Scheduler.Kind;
import java.util.ArrayList;
import java.util.List;

/** A part of what is simulated: a task that reacts to its events. No other task touches its state. */
abstract class Model {
    final Scheduler scheduler;
    final Task task;
    private final int number;
    private final List<Runnable> delivered = new ArrayList<>();
    private long events;

    Model(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.task = new Task(scheduler.executor, this::run);
        this.number = scheduler.nextNumber();
    }

    final double now() {
        return scheduler.now;
    }

    /** Plans an action of this model. */
    final void after(double delay, Runnable action) {
        add(Kind.ACTION, delay, this, action);
    }

    /** Adds an event that another model or this one reacts to, and returns it. */
    final Event add(Kind kind, double delay, Model model, Runnable action) {
        if (!(delay >= 0)) {
            throw new IllegalArgumentException("not a delay: " + delay);
        }
        Event event = new Event(now() + delay, kind, number, events++, model, action);
        scheduler.events.add(event);
        return event;
    }

    /** Replies to a query. Returns false if it was given up: the reply is refused then. */
    final <A> boolean reply(Sender<A> sender, A reply) {
        boolean isWanted = sender.send(reply);
        if (!isWanted) {
            scheduler.counters.refused.increment();
        }
        return isWanted;
    }

    /** Adds an event to the next cycle, and returns true if it is the first one. Called between two cycles. */
    final boolean deliver(Runnable action) {
        delivered.add(action);
        return delivered.size() == 1;
    }

    /** The step of the task: one run in one cycle. */
    private void run() {
        try {
            delivered.forEach(Runnable::run);
            delivered.clear();
        } catch (Throwable thrown) {
            scheduler.fail(thrown);
        }
        scheduler.finished();
    }
}
