package io.multishot.examples.simulation;

import io.multishot.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One simulation of a waiting line. */
final class Replication {
    /** The length of the line is written down for so many customers, in the first replication. */
    static final long TRACED = 1000;

    private final Scheduler scheduler;
    private final Sender<Tally> result;
    private final Line line;
    private final Source source;
    private final Trace trace;
    private final List<Model> models = new ArrayList<>();

    /**
     * Prepares a simulation.
     *
     * @param number which one of those that the plan wants, from zero
     * @param executor runs the models
     * @param progress counts the customers that have arrived
     * @param result where the result goes
     */
    Replication(
            Load load, Plan plan, long seed, int number, Executor executor, LongAdder progress, Sender<Tally> result) {
        this.scheduler = new Scheduler(executor, this::end);
        this.result = result;
        this.trace = new Trace(number == 0 ? TRACED : 0);
        Streams streams = new Streams(seed, number);
        line = add(new Line(scheduler, load.servers(), plan.warmUp(), plan.all(number), trace));
        source = add(
                new Source(scheduler, line, streams.next(load.arrival()), plan.warmUp(), plan.all(number), progress));
        for (int i = 0; i < load.servers(); i++) {
            add(new Server(scheduler, line, streams.next(load.service())));
        }
        add(new Inspector(scheduler, line, load.patience(), load.inspectionPeriod()));
    }

    private <M extends Model> M add(M model) {
        models.add(model);
        return model;
    }

    void start() {
        scheduler.start();
    }

    private void end(@Nullable Throwable fault) {
        if (fault != null) {
            result.fail(fault);
            return;
        }
        Map<Measure, Ratio> measures = line.measures();
        measures.put(Measure.NUMBER_FOUND, source.numberFound());
        Use use = models.stream().map(model -> model.meter().use()).reduce(Use.NONE, Use::plus);
        result.send(new Tally(measures, use, trace));
    }
}
