package io.multishot.benchmarks.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.Value;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A benchmark of a round that delivers nothing measures nothing. */
class EveryRoundDeliversTest {
    private static final int ROUNDS = 5;

    /** They are atomic operations and no rounds. */
    private static final Set<Class<?>> NO_ROUNDS = Set.of(BareAtomics.class, BareLongs.class);

    private static final Blackhole MAILBOX = new Blackhole(
            "Today's password is swordfish. I understand instantiating Blackholes directly is dangerous.");

    @TestFactory
    Stream<DynamicTest> every_round_delivers() {
        return benchmarks().stream()
                .map(method -> DynamicTest.dynamicTest(
                        method.owner().getSimpleName() + "." + method.method().getName(),
                        () -> assertDelivers(method)));
    }

    @Test
    void all_contenders_are_found() {
        assertThat(benchmarks())
                .extracting(Round::owner)
                .contains(
                        Multishot.class,
                        MultishotGuarded.class,
                        MultishotOtherWakers.class,
                        SameStates.class,
                        Future.class);
    }

    private static void assertDelivers(Round round) throws Exception {
        RoundState state = (RoundState) round.owner().getConstructor().newInstance();
        Object last = null;
        for (int i = 0; i < ROUNDS; i++) {
            Object got = round.method().getParameterCount() == 0
                    ? round.method().invoke(state)
                    : round.method().invoke(state, MAILBOX);
            switch (round.method().getName()) {
                case "fresh" -> assertThat(got).isInstanceOf(Value.class).isNotSameAs(last);
                case "failed" -> assertThat(got).isSameAs(state.fault);
                case "dropped", "recycled" -> assertThat(got).isEqualTo(true);
                default -> assertThat(got).isSameAs(state.value);
            }
            state.received = null;
            last = got;
        }
    }

    private static List<Round> benchmarks() {
        List<Round> found = new ArrayList<>();
        for (BenchmarkListEntry entry : BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())) {
            Class<?> owner = load(entry.getUserClassQName());
            if (RoundState.class.isAssignableFrom(owner) && !NO_ROUNDS.contains(owner)) {
                found.add(new Round(owner, method(owner, entry.getUsername())));
            }
        }
        found.sort(Comparator.comparing(Round::toString));
        return found;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException missing) {
            throw new AssertionError(missing);
        }
    }

    private static Method method(Class<?> owner, String qualified) {
        String name = qualified.substring(qualified.lastIndexOf('.') + 1);
        return Stream.of(owner.getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class)
                        && method.getName().equals(name))
                .filter(method -> !Modifier.isAbstract(method.getModifiers()))
                .findAny()
                .orElseThrow();
    }

    private record Round(Class<?> owner, Method method) {}
}
