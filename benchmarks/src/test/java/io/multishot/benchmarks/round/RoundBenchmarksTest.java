package io.multishot.benchmarks.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.BenchmarkMethod;
import io.multishot.benchmarks.Value;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A benchmark of a round that delivers nothing measures nothing. */
class RoundBenchmarksTest {
    private static final int ROUNDS = 5;

    /** Atomic operations, which deliver nothing. */
    private static final Set<Class<?>> NO_ROUNDS = Set.of(Floors.BareAtomics.class, Floors.BareLongs.class);

    @TestFactory
    Stream<DynamicTest> everyRoundDelivers() {
        return BenchmarkMethod.of(RoundState.class).stream()
                .filter(round -> !NO_ROUNDS.contains(round.owner()))
                .map(round -> DynamicTest.dynamicTest(round.name(), () -> assertDelivers(round)));
    }

    @Test
    void allContendersAreFound() {
        assertThat(BenchmarkMethod.of(RoundState.class))
                .extracting(BenchmarkMethod::name)
                .contains(
                        "MultishotRounds.Recycling.pending",
                        "MultishotRounds.Safe.ready",
                        "Floors.SlotTransitions.ready",
                        "Futures.ById.dropped");
    }

    private static void assertDelivers(BenchmarkMethod round) throws Exception {
        RoundState state = (RoundState) round.newState();
        Object last = null;
        for (int i = 0; i < ROUNDS; i++) {
            Object got = round.call(state);
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
}
