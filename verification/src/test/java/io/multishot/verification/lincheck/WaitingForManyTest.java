package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Receivers;
import io.multishot.Sender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thread waits for two receivers while their senders are being used. One that is never unparked is a deadlock here.
 */
@Tag("interleavings")
class WaitingForManyTest {
    private static void requireUsable(Receiver<String> receiver, Sender<String> sender) {
        CountingWaker waker = new CountingWaker();
        Check.that(receiver.poll(waker) == Poll.PENDING, "nothing is there yet");
        Check.that(sender.send("later") && waker.calls() == 1, "the waker that polls is called");
        Check.that(receiver.take().equals("later"), "and its value is there");
    }

    @ParameterizedTest
    @EnumSource
    void anyAgainstTwoSends(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> first = level.receiver();
            Receiver<String> second = level.receiver();
            List<Receiver<String>> both = List.of(first, second);
            Sender<String> one = first.sender();
            Sender<String> two = second.sender();
            Party<Boolean> sending = Party.start(() -> two.send("1"), first, second, one, two);

            Check.that(Receivers.awaitAny(both) == 1, "the one that is sent to");
            Check.that(second.take().equals("1"), "its value");
            Party<Boolean> sendingNext = Party.start(() -> one.send("0"), one);
            Check.that(Receivers.awaitAny(both) == 0, "then the other one");
            Check.that(first.take().equals("0"), "its value");
            Check.that(sending.join() && sendingNext.join(), "both are handed over");
        });
    }

    @ParameterizedTest
    @EnumSource
    void allAgainstTwoSends(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> first = level.receiver();
            Receiver<String> second = level.receiver();
            Sender<String> one = first.sender();
            Sender<String> two = second.sender();
            Party<Boolean> sending = Party.start(() -> one.send("0") & two.send("1"), first, second, one, two);

            Receivers.awaitAll(List.of(first, second));
            Check.that("0".equals(first.tryReceive()) && "1".equals(second.tryReceive()), "both are there");
            Check.that(sending.join(), "both are handed over");
        });
    }

    @ParameterizedTest
    @EnumSource
    void anyOutOfTimeAgainstSend(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> first = level.receiver();
            Receiver<String> second = level.receiver();
            Sender<String> one = first.sender();
            Sender<String> two = second.sender();
            Party<Boolean> sending = Party.start(() -> two.send("value"), first, second, one, two);

            boolean late = false;
            try {
                Check.that(Receivers.awaitAny(List.of(first, second), Duration.ZERO) == 1, "the one that is sent to");
            } catch (TimeoutException tooLate) {
                late = true;
            }
            Check.that(first.toString().equals("Receiver[a sender is live]"), "nobody stays registered");

            Check.that(sending.join(), "the value is handed over");
            Check.that(second.take().equals("value"), late ? "the value is not lost" : "the value is there");
            requireUsable(first, one);
        });
    }

    /** The index, with the interrupt pending, or the exception; never neither, never both. */
    @ParameterizedTest
    @EnumSource
    void anyInterruptedAgainstSend(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> first = level.receiver();
            Receiver<String> second = level.receiver();
            Sender<String> one = first.sender();
            Sender<String> two = second.sender();
            Party<Integer> waiting = Party.start(
                    () -> {
                        int ready = -1;
                        try {
                            ready = Receivers.awaitAny(List.of(first, second));
                        } catch (InterruptedException interrupted) {
                            Check.that(!first.toString().contains("waiter"), "nobody stays registered");
                        }
                        return ready;
                    },
                    first,
                    second,
                    one,
                    two);
            Check.that(one.send("value"), "handed over");
            waiting.interrupt();

            Check.that(waiting.join() == 0, "the outcome was there before the interrupt");
            Check.that(first.take().equals("value"), "and is not taken");
            requireUsable(second, two);
        });
    }
}
