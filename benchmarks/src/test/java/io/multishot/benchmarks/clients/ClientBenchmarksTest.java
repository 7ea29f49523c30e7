package io.multishot.benchmarks.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multishot.benchmarks.BenchmarkMethod;
import io.multishot.examples.dns.Answer;
import io.multishot.examples.redis.Reply;
import java.net.InetAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ClientBenchmarksTest {
    @TestFactory
    Stream<DynamicTest> everyRequestGetsItsReply() {
        return BenchmarkMethod.of(ClientState.class).stream()
                .map(benchmark -> DynamicTest.dynamicTest(benchmark.name(), () -> ask(benchmark)));
    }

    private static void ask(BenchmarkMethod benchmark) throws Exception {
        for (int inFlight : new int[] {1, 16, LocalServer.KEYS}) {
            ClientState state = (ClientState) benchmark.newState();
            assumeTrue(state.kind.find().isPresent(), () -> state.kind + " is not installed");
            state.inFlight = inFlight;
            state.start();
            try {
                benchmark.call(state);
                assertThat(text(benchmark.call(state)))
                        .isIn(LocalServer.value(inFlight - 1), LocalServer.address(inFlight - 1));
            } finally {
                state.stop();
            }
        }
    }

    private static String text(Object reply) {
        if (reply instanceof Reply redis) {
            return new String(redis.bytes(), US_ASCII);
        } else if (reply instanceof byte[] bytes) {
            return new String(bytes, US_ASCII);
        } else if (reply instanceof Answer answer) {
            return answer.records().get(0);
        }
        return ((InetAddress) reply).getHostAddress();
    }
}
