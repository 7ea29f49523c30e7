package io.multishot.benchmarks.growth;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.BenchmarkMethod;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class GrowthBenchmarksTest {
    private static final int CHANNELS = 10;

    @TestFactory
    Stream<DynamicTest> everyChannelDelivers() {
        return BenchmarkMethod.of(Channels.class).stream()
                .map(rounds -> DynamicTest.dynamicTest(rounds.name(), () -> {
                    Channels state = (Channels) rounds.newState();
                    state.count = CHANNELS;
                    state.prepare();
                    for (int i = 0; i < 10 * CHANNELS; i++) {
                        assertThat(state.channels()).isSameAs(state.value);
                    }
                }));
    }
}
