package io.multishot.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.BenchmarkMethod;
import io.multishot.benchmarks.Value;
import io.multishot.benchmarks.VirtualThreads;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MemoryBenchmarksTest {
    private static final int FEW = 20;

    @TestFactory
    Stream<DynamicTest> idleChannels() {
        return BenchmarkMethod.of(Idle.class).stream()
                .map(idle -> DynamicTest.dynamicTest(idle.name(), () -> {
                    Idle.Counters counters = new Idle.Counters();
                    assertThat(((Idle) idle.newState()).make(FEW, counters)).hasSize(FEW);
                    assertThat(counters.nanosEach).isPositive();
                }));
    }

    @TestFactory
    Stream<DynamicTest> waitingThreads() {
        return BenchmarkMethod.of(Waiting.class).stream()
                .filter(waiting -> VirtualThreads.exist())
                .map(waiting -> DynamicTest.dynamicTest(waiting.name(), () -> {
                    Waiting state = (Waiting) waiting.newState();
                    state.threads = FEW;
                    Waiting.Counters counters = new Waiting.Counters();
                    assertThat(state.waiting(counters)).hasSize(FEW);
                    assertThat(counters.wakeMillis).isPositive();
                }));
    }

    @TestFactory
    Stream<DynamicTest> askingInASmallHeap() {
        return BenchmarkMethod.of(SmallHeap.class).stream()
                .map(asking -> DynamicTest.dynamicTest(asking.name(), () -> {
                    SmallHeap state = (SmallHeap) asking.newState();
                    state.start();
                    try {
                        assertThat(state.asking()).isEqualTo(new Value(42));
                    } finally {
                        state.stop();
                    }
                }));
    }
}
