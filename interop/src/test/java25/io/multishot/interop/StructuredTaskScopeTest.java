package io.multishot.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.FailedException;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;
import java.util.concurrent.StructuredTaskScope.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels that the subtasks of a {@link StructuredTaskScope} await. */
class StructuredTaskScopeTest {
    private static final int ROUNDS = 200;

    private final Service service = new Service();
    private final Receiver<String> first = new Receiver<>();
    private final Receiver<String> second = new Receiver<>();

    // tag::scope[]
    String askBoth(String one, String other) throws InterruptedException {
        service.ask(one, first.sender());
        service.ask(other, second.sender());
        try (var scope = StructuredTaskScope.open()) {
            Subtask<String> left = scope.fork(() -> first.receive());
            Subtask<String> right = scope.fork(() -> second.receive());
            scope.join(); // if one fails, the other is interrupted
            return left.get() + " and " + right.get();
        }
    }
    // end::scope[]

    @AfterEach
    void close() {
        first.close();
        second.close();
        service.close();
    }

    @Test
    void valuesArrive() throws Exception {
        assertThat(askBoth("6 * 7", "6 * 7")).isEqualTo("42 and 42");
    }

    @Test
    void aFailureArrivesWithItsVeryCause() {
        assertThat(catchThrowable(() -> askBoth("6 * 7", "1 / 0")))
                .isInstanceOf(FailedException.class)
                .cause()
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isSameAs(service.undefined);
    }

    @Test
    void aDropFailsTheScope() {
        assertThatThrownBy(() -> askBoth("nobody knows", "6 * 7"))
                .isInstanceOf(FailedException.class)
                .hasCauseInstanceOf(SenderDroppedException.class);
    }

    @Test
    void anInterruptedSubtaskLeavesTheValueInTheChannel() throws Exception {
        assertThatThrownBy(() -> askBoth("1 / 0", "why?")).isInstanceOf(FailedException.class);
        assertThat(service.answerLate("because")).isTrue();
        assertThat(second.receive()).isEqualTo("because");
        assertThat(askBoth("6 * 7", "6 * 7")).isEqualTo("42 and 42");
    }

    @Test
    void aValueThatASubtaskHasReceivedIsLostIfTheScopeIsCancelledBeforeTheSubtaskEnds() throws Exception {
        service.ask("6 * 7", first.sender());
        try (var scope = StructuredTaskScope.open()) {
            CountDownLatch received = new CountDownLatch(1);
            Subtask<String> subtask = scope.fork(() -> {
                String value = first.receive();
                received.countDown();
                while (!scope.isCancelled()) {
                    Thread.onSpinWait();
                }
                return value;
            });
            scope.fork(() -> {
                received.await();
                throw service.undefined;
            });
            assertThatThrownBy(scope::join).isInstanceOf(FailedException.class);
            assertThat(subtask.state()).isEqualTo(Subtask.State.UNAVAILABLE);
        }
        assertThatThrownBy(first::tryReceive).isInstanceOf(SenderDroppedException.class);
    }

    @Test
    void afterATimeoutTheOwnerAbandonsTheRoundAndGoesOn() throws Exception {
        service.ask("why?", first.sender());
        try (var scope = StructuredTaskScope.open(
                Joiner.awaitAllSuccessfulOrThrow(), limits -> limits.withTimeout(Duration.ofMillis(1)))) {
            scope.fork(() -> first.receive());
            assertThatThrownBy(scope::join).isInstanceOf(TimeoutException.class);
        }
        assertThat(first.abandon()).isTrue();
        assertThat(askBoth("6 * 7", "6 * 7")).isEqualTo("42 and 42");
        assertThat(service.answerLate("because")).isFalse();
    }

    @Test
    void theChannelsServeEveryRound() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(askBoth("6 * 7", "6 * 7")).isEqualTo("42 and 42");
        }
    }
}
