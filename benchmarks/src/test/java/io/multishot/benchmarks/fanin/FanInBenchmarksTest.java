package io.multishot.benchmarks.fanin;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.BenchmarkMethod;
import io.multishot.benchmarks.Value;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FanInBenchmarksTest {
    @TestFactory
    Stream<DynamicTest> inFlight() {
        return BenchmarkMethod.of(InFlight.class).stream()
                .map(ask -> DynamicTest.dynamicTest(ask.name(), () -> {
                    InFlight state = (InFlight) ask.newState();
                    state.requests = 100;
                    state.start();
                    try {
                        assertThat(state.inFlight()).isSameAs(state.value);
                    } finally {
                        state.stop();
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> manyRequesters() {
        return BenchmarkMethod.of(ManyRequesters.class).stream()
                .map(ask -> DynamicTest.dynamicTest(ask.name(), () -> {
                    ManyRequesters state = (ManyRequesters) ask.newState();
                    ManyRequesters.Responder responder = new ManyRequesters.Responder();
                    responder.start();
                    try {
                        assertThat(state.manyRequesters(responder)).isEqualTo(new Value(42));
                    } finally {
                        responder.stop();
                    }
                }));
    }
}
