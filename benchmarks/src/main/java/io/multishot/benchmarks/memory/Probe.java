package io.multishot.benchmarks.memory;

import io.multishot.benchmarks.Contender.Role;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The probes by name. As a program it runs one of them, for one contender. */
public enum Probe {
    /** Many channels that nobody uses. */
    IDLE,
    /** Many virtual threads that wait. */
    WAITING,
    /** Steady asking. */
    ASKING;

    /**
     * Runs a probe and prints its findings.
     *
     * @param args the probe, the contender, and how many (or how many seconds)
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        Probe probe = valueOf(args[0]);
        probe.measure(args[1], Integer.parseInt(args[2])).forEach(finding -> System.out.println(finding.toLine()));
    }

    /**
     * Whom it looks at.
     *
     * @return the contenders
     */
    public List<Row> rows() {
        Function<Subject<?>, Row> row = subject -> new Row(subject.name(), subject.role(), subject.place());
        Stream<? extends Subject<?>> subjects =
                switch (this) {
                    case IDLE -> new Idle().subjects().stream();
                    case WAITING -> Waiting.subjects().stream();
                    case ASKING -> Asking.subjects().stream();
                };
        return subjects.map(row).toList();
    }

    /**
     * Looks at one of them.
     *
     * @param contender its name
     * @param amount how many, or how many seconds
     * @return what was found
     * @throws Exception if it fails
     */
    public List<Finding> measure(String contender, int amount) throws Exception {
        return switch (this) {
            case IDLE -> Idle.measure(find(new Idle().subjects(), contender), amount);
            case WAITING -> Waiting.measure(find(Waiting.subjects(), contender), amount);
            case ASKING -> Asking.measure(find(Asking.subjects(), contender), amount);
        };
    }

    private static <T> T find(List<Subject<T>> subjects, String name) {
        return subjects.stream()
                .filter(subject -> subject.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such contender: " + name))
                .maker();
    }

    /**
     * A row of the table.
     *
     * @param name the contender's name
     * @param role its part
     * @param place its place among those of the same role
     */
    public record Row(String name, Role role, int place) {}
}
