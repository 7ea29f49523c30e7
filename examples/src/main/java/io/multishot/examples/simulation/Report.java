package io.multishot.examples.simulation;

import io.multishot.examples.simulation.Experiment.Result;
import java.util.List;
import java.util.Locale;

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

    /** How fast it was, and what the channels allocated. */
    static String ofChannels(Use use, int workers, double seconds) {
        String speed = String.format(
                Locale.ROOT,
                "%,d rounds in %.1f s, %,.0f queries per second, on %,d thread%s; ",
                use.rounds(),
                seconds,
                use.rounds() / seconds,
                workers,
                workers == 1 ? "" : "s");
        if (!Meter.canMeasure()) {
            return speed + "this JVM does not tell what was allocated";
        }
        return speed
                + String.format(
                        Locale.ROOT,
                        "%,d bytes allocated by channels, besides %,d bytes for %,d new senders",
                        use.roundBytes(),
                        use.senderBytes(),
                        use.senders());
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

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
