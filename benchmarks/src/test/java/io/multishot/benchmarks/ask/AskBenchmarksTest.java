package io.multishot.benchmarks.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.BenchmarkMethod;
import io.multishot.benchmarks.VirtualThreads;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AskBenchmarksTest {
    private static final int REQUESTS = 20;

    @TestFactory
    Stream<DynamicTest> betweenThreads() {
        return BenchmarkMethod.of(AskState.class).stream()
                .filter(ask -> !ask.method().getName().equals("virtual") || VirtualThreads.exist())
                .map(ask -> DynamicTest.dynamicTest(ask.name(), () -> {
                    if (ask.method().getName().equals("virtual")) {
                        onVirtualThread(ask);
                    } else {
                        ask(ask);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> betweenEventLoops() {
        return BenchmarkMethod.of(EventLoopAsk.class).stream()
                .map(ask -> DynamicTest.dynamicTest(ask.name(), () -> {
                    EventLoopAsk state = (EventLoopAsk) ask.newState();
                    try {
                        assertThat(ask.call(state)).isSameAs(state.value);
                    } finally {
                        state.stop();
                    }
                }));
    }

    private static void ask(BenchmarkMethod ask) throws Exception {
        AskState state = (AskState) ask.newState();
        state.start(ask.method().getName().equals("spinning"));
        try {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(ask.call(state)).isSameAs(state.value);
            }
        } finally {
            state.stop();
        }
    }

    private static void onVirtualThread(BenchmarkMethod ask) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        VirtualThreads.start(() -> {
            try {
                ask(ask);
                done.complete(null);
            } catch (Throwable thrown) {
                done.completeExceptionally(thrown);
            }
        });
        done.join();
    }
}
