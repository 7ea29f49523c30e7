package io.multishot.benchmarks.report;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/** A chapter of the report that JMH measures: a package of benchmarks, and their methods. */
public enum Theme {
    /** Nothing contends. */
    ROUND(
            "round",
            "Rounds on one thread",
            "ns a round",
            new Scenario("ready", "ready: the value is sent, then looked for and taken", false),
            new Scenario("fresh", "fresh: ready, with a new value each time", false),
            new Scenario("pending", "pending: looked for first, so that a waker or callback is called", false),
            new Scenario("dropped", "dropped: pending, and ends without a value", false),
            new Scenario("failed", "failed: ends with an exception, which is thrown", true),
            new Scenario("replaced", "replaced: pending, and another waker takes the place of the first", true),
            new Scenario("tried", "tried: ready, received by one call", true),
            new Scenario("recycled", "recycled: sent, never looked for, discarded by the next round", true));

    private final String id;
    private final String title;
    private final String unit;
    private final ImmutableList<Scenario> scenarios;

    Theme(String id, String title, String unit, Scenario... scenarios) {
        this.id = id;
        this.title = title;
        this.unit = unit;
        this.scenarios = ImmutableList.copyOf(scenarios);
    }

    /**
     * The name on the command line and of the package.
     *
     * @return the name
     */
    public String id() {
        return id;
    }

    /**
     * The heading.
     *
     * @return the heading
     */
    public String title() {
        return title;
    }

    /**
     * What the figures count.
     *
     * @return the unit
     */
    public String unit() {
        return unit;
    }

    /**
     * Its tables.
     *
     * @return the scenarios
     */
    public ImmutableList<Scenario> scenarios() {
        return scenarios;
    }

    /**
     * The methods of the contenders that have the same name.
     *
     * @param method the name
     * @param title what happens in it
     * @param detail whether it is left out when time is short
     */
    @Immutable
    public record Scenario(String method, String title, boolean detail) {}
}
