package io.multishot.benchmarks.report;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.multishot.benchmarks.VirtualThreads;

/** A chapter of the report: a package of benchmarks, and their methods. */
public enum Theme {
    /** Nothing contends. */
    ROUND(
            "round",
            "Rounds on one thread",
            "ns a round",
            new Scenario("ready", "ready: the value is sent, then looked for and taken"),
            new Scenario("fresh", "fresh: ready, with a new value each time"),
            new Scenario("pending", "pending: looked for first, so that a waker or callback is called"),
            new Scenario("dropped", "dropped: pending, and ends without a value"),
            new Scenario("failed", "failed: ends with an exception, which is thrown").detail(),
            new Scenario("replaced", "replaced: pending, and another waker takes the place of the first").detail(),
            new Scenario("tried", "tried: ready, received by one call").detail(),
            new Scenario("recycled", "recycled: sent, never looked for, discarded by the next round").detail()),

    /** Two threads. */
    ASK(
            "ask",
            "Ask and reply between two threads",
            "ns a round trip",
            new Scenario("spinning", "spinning: both sides look again and again"),
            new Scenario("parked", "parked: both sides block, platform threads"),
            new Scenario("virtual", "virtual: both sides block, virtual threads").since(VirtualThreads.SINCE),
            new Scenario("eventLoop", "event loop: two executors with one thread each, nobody blocks")),

    /** Many answers at once. */
    FAN_IN(
            "fanin",
            "Many answers at once",
            "ns an answer",
            new Scenario("inFlight", "one requester, many questions in flight:"),
            new Scenario("manyRequesters", "sixteen requesters of one responder, platform threads")),

    /** Replies by number. */
    TABLE(
            "table",
            "Requests by number",
            "ns a request",
            new Scenario("oneThread", "one thread that asks:"),
            new Scenario("twoThreads", "two threads that ask:"),
            new Scenario("oneThreadLate", "one thread that asks, every tenth request times out:"),
            new Scenario("twoThreadsLate", "two threads that ask, every tenth request times out:")),

    /** Past one process. */
    REMOTE(
            "remote",
            "Requests to another process",
            "ns a round trip",
            new Scenario("ipc", "ipc: through shared memory"),
            new Scenario("udp", "udp: through the loopback interface")),

    /** Bytes and garbage collections; not by JMH. */
    MEMORY(
            "memory",
            "Memory",
            "",
            new Scenario("idle", "idle: a million channels, each used once"),
            new Scenario("waiting", "waiting: virtual threads, each waiting for a channel of its own")
                    .since(VirtualThreads.SINCE),
            new Scenario("asking", "asking: steadily, blocking, in a heap of 64 MiB").once()),

    /** Cache lines. */
    NEIGHBOURS(
            "neighbours",
            "Neighbours in a cache line",
            "ns a round",
            new Scenario("alone", "alone: the neighbour is idle"),
            new Scenario("rounds", "rounds: two threads, each with a channel of its own"),
            new Scenario("pairs", "pairs: two pairs of threads, each with a channel of its own").detail()),

    /** Caches. */
    GROWTH(
            "growth",
            "More and more channels, used in random order",
            "ns a round",
            new Scenario("channels", "channels:"));

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
     * @param since the first JDK that can run it
     * @param isDetail whether it is left out when time is short
     * @param isOnce whether one pass is enough: what it counts does not scatter
     */
    @Immutable
    public record Scenario(String method, String title, int since, boolean isDetail, boolean isOnce) {
        Scenario(String method, String title) {
            this(method, title, 0, false, false);
        }

        Scenario since(int jdk) {
            return new Scenario(method, title, jdk, isDetail, isOnce);
        }

        Scenario detail() {
            return new Scenario(method, title, since, true, isOnce);
        }

        Scenario once() {
            return new Scenario(method, title, since, isDetail, true);
        }

        /**
         * Tells whether a JDK can run it.
         *
         * @param jdk the feature version
         * @return true if it can
         */
        public boolean runsOn(int jdk) {
            return jdk >= since;
        }
    }
}
