package io.multishot.benchmarks.report;

import io.multishot.benchmarks.Contender.Role;
import java.util.List;
import java.util.Map;

/** Made-up results, to test what is computed from them. */
final class Samples {
    static final Machine MACHINE = new Machine(
            "2026-11-23", "abc", "a processor", 2, 24, "a system", "a JVM", 17, "G1", Map.of("multishot", "0"));

    private Samples() {}

    static Series series(String contender, Role role, String metric, List<List<Double>> passes) {
        return new Series("round", "ready", contender, role, 0, metric, "ns", passes);
    }

    /** Two passes; in the second one the machine was half as fast. */
    static Results twoPasses() {
        return new Results(MACHINE, List.of())
                .with(
                        1,
                        List.of(
                                series("peer", Role.PEER, Series.TIME, List.of(List.of(6.0, 8.0, 10.0))),
                                series("floor", Role.FLOOR, Series.TIME, List.of(List.of(2.0, 2.0, 3.0))),
                                series("ours", Role.OURS, Series.TIME, List.of(List.of(3.0, 3.0, 3.0))),
                                series("ours", Role.OURS, Series.BYTES, List.of(List.of(0.001, 0.0, 0.0)))))
                .with(
                        2,
                        List.of(
                                series("floor", Role.FLOOR, Series.TIME, List.of(List.of(4.0, 4.0, 5.0))),
                                series("ours", Role.OURS, Series.TIME, List.of(List.of(6.0, 6.0, 6.0))),
                                series("peer", Role.PEER, Series.TIME, List.of(List.of(12.0, 16.0, 20.0)))));
    }
}
