package io.multishot.examples.simulation;

import io.multishot.Sender;
import io.multishot.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of what is simulated: a task that reacts to its events, to queries, and to answers. Its state is its own. All that
 * it does it does when it runs, except for what {@link Scheduler} does on its behalf while all models rest.
 */
abstract class Model {
    private final Scheduler scheduler;
    private final int id;
    private final Task task;
    private final Meter meter = new Meter();
    private final Mailbox mailbox = new Mailbox();
    private final List<Requestor<?, ?>> requestors = new ArrayList<>();
    private final List<Event> planned = new ArrayList<>();
    private final List<Event> happening = new ArrayList<>();
    private long plannedBefore;

    /**
     * Whether this model is to run in the next cycle. Transition: false → true during a cycle, by any models, which all write
     * the same; true → false between two cycles. Ordering: volatile, because a model looks before it writes; whoever reads
     * it between two cycles sees what was written, by way of {@link Scheduler#rested}.
     */
    private volatile boolean isDue;

    Model(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.task = new Task(scheduler.executor(), this::run);
        this.id = scheduler.add(this);
    }

    /** Runs an action of this model later. */
    final void after(double delay, Runnable action) {
        plan(delay, false, action);
    }

    final void plan(double delay, boolean isDeadline, Runnable action) {
        if (!(delay >= 0)) {
            throw new IllegalArgumentException("not a delay: " + delay);
        }
        planned.add(new Event(now() + delay, isDeadline, this, plannedBefore++, action));
    }

    /** Answers a query. False if the one who asked has given it up: the answer is refused then, which harms nobody. */
    final <A> boolean answer(Sender<A> sender, A answer) {
        long before = Meter.allocated();
        boolean isWanted = sender.send(answer);
        meter.sent(Meter.allocated() - before, isWanted);
        return isWanted;
    }

    /** The time in the simulation. */
    final double now() {
        return scheduler.now();
    }

    final int id() {
        return id;
    }

    final Meter meter() {
        return meter;
    }

    final Mailbox mailbox() {
        return mailbox;
    }

    final void connect(Requestor<?, ?> requestor) {
        requestors.add(requestor);
    }

    /** Makes sure that this model runs in the next cycle. */
    final void wake() {
        if (!isDue) {
            isDue = true;
        }
    }

    /** Between two cycles: hands over the events that this model has planned. */
    final void handOver(Calendar calendar) {
        planned.forEach(calendar::add);
        planned.clear();
    }

    /** Between two cycles: an event of this model's own is due. */
    final void happen(Event event) {
        happening.add(event);
        wake();
    }

    /** Between two cycles: what has arrived for this model becomes visible to it. False if nothing has. */
    final boolean turn() {
        if (!isDue) {
            return false;
        }
        isDue = false;
        mailbox.turn();
        requestors.forEach(Requestor::turn);
        return true;
    }

    final void start() {
        task.wake();
    }

    final void close() {
        requestors.forEach(Requestor::close);
    }

    /** One run of the task. Its last act lets the next cycle begin, if all others are done. */
    private void run() {
        try {
            requestors.forEach(Requestor::settle);
            happening.forEach(event -> event.action().run());
            happening.clear();
            mailbox.open();
        } catch (Throwable fault) {
            scheduler.fail(fault);
        }
        scheduler.rested();
    }
}
