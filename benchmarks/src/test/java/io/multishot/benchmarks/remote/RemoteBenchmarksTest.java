package io.multishot.benchmarks.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.BenchmarkMethod;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RemoteBenchmarksTest {
    private static final int REQUESTS = 20;
    private static final int IN_FLIGHT = 300;

    @TestFactory
    Stream<DynamicTest> everyRequestGetsItsReply() {
        return BenchmarkMethod.of(RoundTrip.class).stream()
                .map(benchmark -> DynamicTest.dynamicTest(benchmark.name(), () -> ask(benchmark)));
    }

    private static void ask(BenchmarkMethod benchmark) throws Exception {
        RoundTrip state = (RoundTrip) benchmark.newState();
        boolean hasMany = benchmark.method().getParameterCount() > 0;
        state.start(benchmark.method().getName().startsWith("udp"));
        try {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(hasMany ? state.askMany(IN_FLIGHT) : benchmark.call(state))
                        .isEqualTo(RoundTrip.REQUEST + 1);
            }
        } finally {
            state.stop();
        }
    }
}
