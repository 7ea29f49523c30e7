package io.multishot.benchmarks.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.BenchmarkMethod;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TableBenchmarksTest {
    /**
     * Runs with one request in flight at a time, and with several. The benchmarks themselves check that requests that
     * timed out got nothing.
     */
    @TestFactory
    Stream<DynamicTest> requests() {
        return BenchmarkMethod.of(Requests.class).stream()
                .map(benchmark -> DynamicTest.dynamicTest(benchmark.name(), () -> {
                    for (int inFlight : new int[] {1, 100}) {
                        Requests state = (Requests) benchmark.newState();
                        state.inFlight = inFlight;
                        state.prepare(new Requests.Shared());
                        assertThat(benchmark.call(state)).isSameAs(state.value);
                        assertThat(benchmark.call(state)).isSameAs(state.value);
                    }
                }));
    }
}
