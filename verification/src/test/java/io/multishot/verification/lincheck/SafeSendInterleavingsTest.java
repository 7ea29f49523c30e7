package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A sender makes its CAS while the receiver moves, or while another use is under way. A failed attempt is repeated in
 * the first case, and ends the call in the second.
 */
@Tag("interleavings")
class SafeSendInterleavingsTest {
    /** The receiver changes its waiter four times: a waker, a thread, none after the timeout, another waker. */
    @Test
    void sendAgainstRegistrationAndWithdrawal() {
        Interleavings.explore(() -> {
            Receiver<String> receiver = new Receiver<>();
            WakeCounter first = new WakeCounter();
            WakeCounter second = new WakeCounter();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending =
                    ScenarioThread.start(() -> sender.send("value"), receiver, sender, first, second);

            Poll before = receiver.poll(first);
            String received = null;
            try {
                received = receiver.receive(Duration.ZERO);
            } catch (TimeoutException late) {
                Require.that(before == Poll.PENDING, "an outcome does not go away");
            }
            Poll after = received == null ? receiver.poll(second) : Poll.READY;

            Require.that(sending.join(), "the value is handed over, however often the receiver moves");
            Require.that(second.calls() == (after == Poll.PENDING ? 1 : 0), "the last waker is called if it waits");
            Require.that(first.calls() <= (before == Poll.PENDING ? 1 : 0), "the first only if it was registered");
            Require.that(first.calls() + second.calls() <= 1, "one waiter is notified at most");
            Require.that("value".equals(received == null ? receiver.take() : received), "the value is not lost");
        });
    }

    /** One attempt may fail because of the receiver, the next because of the other use. */
    @Test
    void oneOfTwoUsesSucceedsWhileTheReceiverRegisters() {
        Interleavings.explore(() -> {
            Receiver<String> receiver = new Receiver<>();
            WakeCounter waker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> one = ScenarioThread.start(() -> send(sender, "one"), receiver, sender, waker);
            ScenarioThread<Boolean> two = ScenarioThread.start(() -> send(sender, "two"), receiver, sender, waker);

            Poll polled = receiver.poll(waker);

            boolean oneSucceeded = one.join();
            Require.that(oneSucceeded != two.join(), "one use succeeds, the other throws");
            Require.that(waker.calls() == (polled == Poll.PENDING ? 1 : 0), "the waker is called once if it waits");
            Require.that(receiver.take().equals(oneSucceeded ? "one" : "two"), "the value is the winner's");
        });
    }

    private static boolean send(Sender<String> sender, String value) {
        try {
            Require.that(sender.send(value), "a sender that is not detached accepts the value or throws");
            return true;
        } catch (IllegalStateException consumed) {
            return false;
        }
    }

    /** No exception on either side, on a recycling receiver as well. */
    @ParameterizedTest
    @EnumSource
    void oneOfReplyAndTimerSucceeds(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            WakeCounter waker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            Require.that(receiver.poll(waker) == Poll.PENDING, "nothing is sent yet");
            ScenarioThread<Boolean> reply =
                    ScenarioThread.start(() -> sender.trySend("reply"), receiver, sender, waker);

            boolean timedOut = sender.tryDrop();

            Require.that(reply.join() != timedOut, "one of the two succeeds");
            Require.that(waker.calls() == 1, "the waker is called once");
            Require.that(receiver.poll(waker) == (timedOut ? Poll.DROPPED : Poll.READY), "the outcome is the winner's");
            Require.that(timedOut || receiver.take().equals("reply"), "the value is the reply");
        });
    }

    /** Also between its CAS and its return, the sender does not touch the cell again. */
    @Test
    void theRoundIsOverWhileTheSenderIsSlow() {
        Interleavings.explore(() -> {
            Receiver<String> receiver = new Receiver<>();
            WakeCounter waker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> sender.send("value"), receiver, sender, waker);

            String received = receiver.tryReceive();
            Poll polled = receiver.poll(waker);

            Require.that(sending.join(), "the value is handed over");
            if (received == null) {
                Require.that(waker.calls() == (polled == Poll.PENDING ? 1 : 0), "one call for one registration");
                Require.that(receiver.take().equals("value"), "the value is not lost");
            } else {
                Require.that(polled == Poll.DROPPED && waker.calls() == 0, "the round is over");
            }
            Require.that(receiver.poll(waker) == Poll.DROPPED, "the round stays over");
        });
    }
}
