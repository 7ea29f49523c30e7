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
 * <p>Models run in cycles, all that are due at once. Whoever is the last to rest prepares the next cycle, so nobody waits
 * for anybody: what arrived during this cycle is delivered. If nothing did, the clock advances to the next event. At each
 * new time the deadlines come first, while all models rest. The simulation ends when no event is left.
 */
final class Scheduler {
    private final Executor executor;
    private final Consumer<@Nullable Throwable> onEnd;
    private final Calendar calendar = new Calendar();
    private final List<Model> models = new ArrayList<>();
    private final List<Model> dueModels = new ArrayList<>();

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
        advance();
    }

    /** A model could not go on: the simulation ends after this cycle. */
    void fail(Throwable thrown) {
        // Transition: null → the first fault. Ordering: volatile; read by advance, after all models rest.
        fault.compareAndSet(null, thrown);
    }

    /**
     * A model has ended its run.
     *
     * <p>Transition: n → n - 1, by each model of the cycle. Ordering: volatile. Its release half publishes all that the model
     * did; its acquire half lets the last one see what all did, and so the clock, the calendar and the models are its own
     * until it wakes them again. {@link io.multishot.Task#wake} hands them over from there.
     */
    void rested() {
        if (busy.decrementAndGet() == 0) {
            advance();
        }
    }

    /** While all models rest: begins the next cycle, or ends the simulation. */
    private void advance() {
        try {
            int due = gather();
            while (due == 0 && fault.get() == null && !calendar.isEmpty()) {
                advanceClock();
                due = gather();
            }
            if (due > 0 && fault.get() == null) {
                beginCycle(due);
                return;
            }
            models.forEach(Model::close);
        } catch (Throwable rejected) {
            fault.compareAndSet(null, rejected);
        }
        onEnd.accept(fault.get());
    }

    /** Wakes the models that are due. When the last one is awake, the next cycle may begin on another thread at once. */
    private void beginCycle(int due) {
        // Transition: 0 → n, while all models rest. Ordering: volatile; comes before the runs by way of the wakes.
        busy.set(due);
        for (int i = 0; i < due; i++) {
            dueModels.get(i).start();
        }
    }

    private int gather() {
        dueModels.clear();
        for (Model model : models) {
            model.handOver(calendar);
            if (model.turn()) {
                dueModels.add(model);
            }
        }
        return dueModels.size();
    }

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
