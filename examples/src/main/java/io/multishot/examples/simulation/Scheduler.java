package io.multishot.examples.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a simulation, and the order in which its models run.
 *
 * <p>Models run in cycles, all that are due at once. Whoever is the last to rest prepares the next cycle, so nobody
 * waits for anybody: what arrived during this cycle is delivered. If nothing did, the clock advances to the next event.
 * At each new time the deadlines come first, while all models rest. The simulation ends when no event is left.
 */
final class Scheduler {
    private final Executor executor;
    private final Consumer<@Nullable Throwable> onEnd;
    private final Calendar calendar = new Calendar();
    private final List<Model> models = new ArrayList<>();

    /** The models of this cycle; at first all, for each may have planned something. */
    private Model[] running = {};

    private int runningCount;

    /** The models of the next cycle. Each slot has one writer, and is read when all models rest. */
    private Model[] due = {};

    /**
     * How many models are due. Transition: n → n + 1, during a cycle, by whoever makes one due; n → 0, while all models
     * rest. Ordering: volatile, but only the count has to be atomic: {@link #rested} publishes the slots.
     */
    private final AtomicInteger dueCount = new AtomicInteger();

    /** The models of this cycle that do not rest yet. */
    private final AtomicInteger busy = new AtomicInteger();

    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
    private double now;

    /**
     * Makes the scheduler of one simulation.
     *
     * @param executor runs the models; it must not run them in the caller
     * @param onEnd called once, on some thread of the executor, with what a model has thrown, or null if all went well
     */
    Scheduler(Executor executor, Consumer<@Nullable Throwable> onEnd) {
        this.executor = executor;
        this.onEnd = onEnd;
    }

    Executor executor() {
        return executor;
    }

    /** Adds a model, before the simulation starts. */
    int add(Model model) {
        models.add(model);
        return models.size() - 1;
    }

    double now() {
        return now;
    }

    /** Starts the simulation, and returns. */
    void start() {
        running = models.toArray(Model[]::new);
        runningCount = running.length;
        due = new Model[running.length];
        advance();
    }

    /** A model is to run in the next cycle. Any model, during a cycle; once for each that is due. Allocates nothing. */
    void due(Model model) {
        due[dueCount.getAndIncrement()] = model;
    }

    /** A model could not go on: the simulation ends after this cycle. */
    void fail(Throwable thrown) {
        // Transition: null → the first fault. Ordering: volatile; read by advance, after all models rest.
        fault.compareAndSet(null, thrown);
    }

    /**
     * A model has ended its run.
     *
     * <p>Transition: n → n - 1, by each model of the cycle. Ordering: volatile. Its release half publishes all that the
     * model did; its acquire half lets the last one see what all did, and so the clock, the calendar and the models are
     * its own until it wakes them again. {@link io.multishot.Task#wake} hands them over from there.
     */
    void rested() {
        if (busy.decrementAndGet() == 0) {
            advance();
        }
    }

    /** While all models rest: begins the next cycle, or ends the simulation. */
    private void advance() {
        try {
            for (int i = 0; i < runningCount; i++) {
                running[i].handOver(calendar);
            }
            while (dueCount.get() == 0 && fault.get() == null && !calendar.isEmpty()) {
                advanceClock();
            }
            if (dueCount.get() > 0 && fault.get() == null) {
                beginCycle();
                return;
            }
            models.forEach(Model::close);
        } catch (Throwable rejected) {
            fault.compareAndSet(null, rejected);
        }
        onEnd.accept(fault.get());
    }

    /**
     * Wakes the models that are due. When the last one is awake, the next cycle may begin on another thread at once.
     */
    private void beginCycle() {
        Model[] next = due;
        int count = dueCount.get();
        due = running;
        running = next;
        runningCount = count;
        dueCount.set(0);
        for (int i = 0; i < count; i++) {
            next[i].turn();
        }
        // Transition: 0 → n, while all models rest. Ordering: volatile; comes before the runs by way of the wakes.
        busy.set(count);
        for (int i = 0; i < count; i++) {
            next[i].start();
        }
    }

    /**
     * Of the events of one time, deadlines are over before a model runs: what comes at the very last moment is too
     * late.
     */
    private void advanceClock() {
        now = calendar.nextTime();
        while (!calendar.isEmpty() && calendar.nextTime() == now) {
            Event event = calendar.next();
            if (event.isDeadline()) {
                event.action().run();
            } else {
                event.model().happen(event);
            }
        }
    }
}
