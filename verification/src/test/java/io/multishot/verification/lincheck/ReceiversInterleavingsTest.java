package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Receivers;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thread waits for two receivers while their senders are used. To the model checker a thread that is never unparked
 * is a deadlock.
 */
@Tag("interleavings")
class ReceiversInterleavingsTest {
    private static void requireUsable(Receiver<String> receiver, Sender<String> sender) {
        WakeCounter waker = new WakeCounter();
        Require.that(receiver.poll(waker) == Poll.PENDING, "nothing is there yet");
        Require.that(sender.send("later") && waker.calls() == 1, "the waker that polls is called");
        Require.that(receiver.take().equals("later"), "and its value is there");
    }

    @ParameterizedTest
    @EnumSource
    void anyAgainstTwoSends(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> first = kind.receiver();
            Receiver<String> second = kind.receiver();
            List<Receiver<String>> both = List.of(first, second);
            Sender<String> one = first.sender();
            Sender<String> two = second.sender();
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> two.send("1"), first, second, one, two);

            Require.that(Receivers.awaitAny(both) == 1, "the one that has a value");
            Require.that(second.take().equals("1"), "its value");
            ScenarioThread<Boolean> sendingNext = ScenarioThread.start(() -> one.send("0"), one);
            Require.that(Receivers.awaitAny(both) == 0, "then the other one");
            Require.that(first.take().equals("0"), "its value");
            Require.that(sending.join() && sendingNext.join(), "both are handed over");
        });
    }

    @ParameterizedTest
    @EnumSource
    void allAgainstTwoSends(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> first = kind.receiver();
            Receiver<String> second = kind.receiver();
            Sender<String> one = first.sender();
            Sender<String> two = second.sender();
            ScenarioThread<Boolean> sending =
                    ScenarioThread.start(() -> one.send("0") & two.send("1"), first, second, one, two);

            Receivers.awaitAll(List.of(first, second));
            Require.that("0".equals(first.tryReceive()) && "1".equals(second.tryReceive()), "both are there");
            Require.that(sending.join(), "both are handed over");
        });
    }

    @ParameterizedTest
    @EnumSource
    void anyOutOfTimeAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> first = kind.receiver();
            Receiver<String> second = kind.receiver();
            Sender<String> one = first.sender();
            Sender<String> two = second.sender();
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> two.send("value"), first, second, one, two);

            boolean late = false;
            try {
                Require.that(
                        Receivers.awaitAny(List.of(first, second), Duration.ZERO) == 1, "the one that has a value");
            } catch (TimeoutException tooLate) {
                late = true;
            }
            Require.that(first.toString().equals("Receiver[a sender is live]"), "no waiter stays registered");

            Require.that(sending.join(), "the value is handed over");
            Require.that(second.take().equals("value"), late ? "the value is not lost" : "the value is there");
            requireUsable(first, one);
        });
    }

    /** The call returns the index with the interrupt flag set, or it throws; never neither, never both. */
    @ParameterizedTest
    @EnumSource
    void anyInterruptedAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> first = kind.receiver();
            Receiver<String> second = kind.receiver();
            Sender<String> one = first.sender();
            Sender<String> two = second.sender();
            ScenarioThread<Integer> waiting = ScenarioThread.start(
                    () -> {
                        int ready = -1;
                        try {
                            ready = Receivers.awaitAny(List.of(first, second));
                        } catch (InterruptedException interrupted) {
                            Require.that(!first.toString().contains("waiter"), "no waiter stays registered");
                        }
                        return ready;
                    },
                    first,
                    second,
                    one,
                    two);
            Require.that(one.send("value"), "handed over");
            waiting.interrupt();

            Require.that(waiting.join() == 0, "the outcome was there before the interrupt");
            Require.that(first.take().equals("value"), "and is not taken");
            requireUsable(second, two);
        });
    }
}
