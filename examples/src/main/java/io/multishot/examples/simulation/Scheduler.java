package io.multishot.examples.simulation;

import io.multishot.Receiver;
import io.multishot.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a simulation, and the order in which its models run.
 *
 * <p>Models run in cycles, all that have events at once. The last one to finish begins the next cycle, so no thread
 * waits for another. The simulation ends when no event is left, or when a model throws.
 */
final class Scheduler {
    final Executor executor;
    final Counters counters = new Counters();

    /** What will happen in later cycles. Any model may add and remove events in a cycle. */
    final NavigableSet<Event> events = new ConcurrentSkipListSet<>(Event.ORDER);

    /** The receivers to be closed when the simulation ends. */
    final List<Receiver<?>> receivers = new ArrayList<>();

    /** The time, which advances between two cycles. */
    double now;

    private final Consumer<@Nullable Throwable> onEnd;
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();

    /** How many models of this cycle have not finished their run. */
    private final AtomicInteger busy = new AtomicInteger();

    private int models;

    /** Makes the scheduler of one simulation, which calls {@code onEnd} once, with what a model has thrown, or null. */
    Scheduler(Executor executor, Consumer<@Nullable Throwable> onEnd) {
        this.executor = executor;
        this.onEnd = onEnd;
    }

    /** Returns the number of a new model, before the simulation starts. */
    int nextNumber() {
        return ++models;
    }

    /** Ends the simulation after this cycle. */
    void fail(Throwable thrown) {
        fault.compareAndSet(null, thrown);
    }

    /**
     * Called by each model of a cycle when it has finished its run.
     *
     * <p>Transition: n → n - 1. Ordering: volatile. The release half publishes all that the model did. The acquire half
     * lets the last model see what all did: it owns the clock and every model until {@link Task#wake} hands them over
     * to the next cycle.
     */
    void finished() {
        if (busy.decrementAndGet() == 0) {
            advance();
        }
    }

    /**
     * Begins the first cycle, or the next one, or ends the simulation. No model runs meanwhile. A cycle has all events
     * of one time that are known before it; deadlines alone make none.
     */
    void advance() {
        try {
            List<Task> due = new ArrayList<>();
            while (fault.get() == null
                    && !events.isEmpty()
                    && (due.isEmpty() || events.first().time() == now)) {
                Event event = events.first();
                events.remove(event);
                now = event.time();
                if (event.kind() == Kind.DEADLINE) {
                    event.action().run();
                } else if (event.model().deliver(event.action())) {
                    due.add(event.model().task);
                }
            }
            if (!due.isEmpty()) {
                busy.set(due.size());
                due.forEach(Task::wake); // the cycle may end, on another thread, as soon as the last one is woken
                return;
            }
            receivers.forEach(Receiver::close);
        } catch (Throwable thrown) {
            fail(thrown);
        }
        onEnd.accept(fault.get());
    }

    /**
     * The events of one time and one cycle happen in this order. A deadline abandons a round while no model runs: a
     * reply at the very deadline is too late.
     */
    enum Kind {
        DEADLINE,
        REPLY,
        ACTION,
        QUERY
    }

    /**
     * Something that a model reacts to. The order does not depend on when events were added, but on where they come
     * from: a model, by its number, which numbers its events.
     */
    record Event(double time, Kind kind, int origin, long number, Model model, Runnable action) {
        private static final Comparator<Event> ORDER = Comparator.comparingDouble(Event::time)
                .thenComparing(Event::kind)
                .thenComparingInt(Event::origin)
                .thenComparingLong(Event::number);
    }

    /** Counts what happened to the queries of one simulation. */
    static final class Counters {
        final LongAdder queries = new LongAdder();
        final LongAdder answered = new LongAdder();
        final LongAdder givenUp = new LongAdder();
        final LongAdder refused = new LongAdder();
        final LongAdder senders = new LongAdder();

        /** Returns how many queries have no reply and were not given up. */
        long open() {
            return queries.sum() - answered.sum() - givenUp.sum();
        }
    }
}
