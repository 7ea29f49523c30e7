package io.multishot.examples.simulation;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.multishot.Receiver;
import io.multishot.examples.simulation.Experiment.Result;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Results in words and figures. */
final class Report {
    private Report() {}

    /** What was simulated and seen. The same seed gives the same text, whatever the threads did. */
    static String of(List<Result> results) {
        StringBuilder text = new StringBuilder();
        for (Result result : results) {
            describe(text, result);
            text.append('\n');
        }
        line(
                text,
                "Each interval is one of 95 %%: one in twenty misses the closed form. \"rare\": seen too seldom for an interval.");
        return text.toString();
    }

    private static void describe(StringBuilder text, Result result) {
        Experiment experiment = result.experiment();
        Load load = experiment.load();
        Plan plan = experiment.plan();
        line(
                text,
                "%s: arrival rate %s, service rate %s, servers %d, load %s",
                load,
                load.arrival(),
                load.service(),
                load.servers(),
                number(load.utilisation()));
        line(
                text,
                "%d replications, %,d customers, %,d more to warm up in each, seed %d, patience of the inspector %s",
                Plan.REPLICATIONS,
                plan.customers(),
                plan.warmUp(),
                experiment.seed(),
                number(load.patience()));
        line(text, "%-26s%14s%14s%14s   %s", "", "closed form", "simulated", "+/- 95 %", "inside");
        Theory theory = new Theory(load);
        result.estimates().forEach((measure, estimate) -> {
            double expected = measure.closedForm(theory);
            line(
                    text,
                    "%-26s%14s%14s%14s   %s",
                    measure.title(),
                    number(expected),
                    number(estimate.mean()),
                    number(estimate.halfWidth()),
                    verdict(estimate, expected));
        });
        Use use = result.use();
        line(
                text,
                "%,d queries: %,d answered, %,d given up, %,d open at the end; %,d late answers, all refused",
                use.rounds(),
                use.answered(),
                use.givenUp(),
                use.open(),
                use.refused());
    }

    /**
     * How fast it was, and what the channels allocated, as {@link Meter} measures it. A channel that allocates does so
     * in each replication, so the median of them tells; the JVM's own one-time costs fall to a few.
     *
     * @param uses the use of channels in each replication
     */
    static String ofChannels(List<Use> uses, int workers, double seconds) {
        Use all = uses.stream().reduce(Use.NONE, Use::plus);
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%,d rounds in %.1f s on %,d thread%s: %,.0f queries per second",
                all.rounds(),
                seconds,
                workers,
                workers == 1 ? "" : "s",
                all.rounds() / seconds);
        if (!Meter.canMeasure()) {
            line(text, "bytes allocated by channels: this JVM does not tell");
            return text.toString();
        }
        line(
                text,
                "bytes allocated by channels in a replication: %,.0f (median); %,d in all %d, the JVM's one-time costs included",
                median(uses, Use::roundBytes),
                all.roundBytes(),
                uses.size());
        line(
                text,
                "besides, for each of %,d new senders (first rounds, and after a query was given up): %.1f (median)",
                all.senders(),
                median(uses, use -> (double) use.senderBytes() / use.senders()));
        if (Receiver.class.desiredAssertionStatus()) {
            line(text, "assertions are enabled: each channel is checked, and allocates in each round");
        }
        return text.toString();
    }

    private static double median(List<Use> uses, ToDoubleFunction<Use> bytes) {
        double[] sorted = uses.stream().mapToDouble(bytes).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static String verdict(Estimate estimate, double expected) {
        if (estimate.isRare()) {
            return "rare";
        }
        return estimate.contains(expected) ? "yes" : "no";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.5g", value);
    }

    @FormatMethod
    private static void line(StringBuilder text, @FormatString String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
