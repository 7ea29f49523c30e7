package io.multishot.examples.simulation;

import io.multishot.Sender;
import io.multishot.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A part of what is simulated: a task that reacts to its events, to queries, and to answers. Its state is its own. All
 * that it does it does when it runs, except for what {@link Scheduler} does on its behalf while all models rest.
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
     * Whether this model is to run in the next cycle. Transition: false → true, during a cycle by any model, or while
     * all rest; true → false, while all rest. Ordering: volatile, but only the atomicity is needed, so that a model is
     * due once; {@link Scheduler#rested} orders the rest.
     */
    private final AtomicBoolean isDue = new AtomicBoolean();

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
        if (!isDue.get() && isDue.compareAndSet(false, true)) {
            scheduler.due(this);
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

    /** Between two cycles: this model will run in the next one, and what has arrived for it becomes visible to it. */
    final void turn() {
        isDue.set(false);
        mailbox.turn();
        requestors.forEach(Requestor::turn);
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
