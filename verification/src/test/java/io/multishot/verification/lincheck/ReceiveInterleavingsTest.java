package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread waits while the sender is used. To the model checker a thread that is never unparked is a deadlock. */
@Tag("interleavings")
class ReceiveInterleavingsTest {
    /** Two rounds, because the first sender's unpark may come in the second. */
    @ParameterizedTest
    @EnumSource
    void receiveAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> sender.send("first"), receiver, sender);
            Require.that(receiver.receive().equals("first"), "the first round's value");

            Sender<String> next = receiver.sender();
            ScenarioThread<Boolean> sendingNext = ScenarioThread.start(() -> next.send("second"), next);
            Require.that(receiver.receiveUninterruptibly().equals("second"), "the second round's value");

            Require.that(sending.join() && sendingNext.join(), "both are handed over");
        });
    }

    /** After a timeout the waiter is withdrawn and nothing is lost: the value is there, or a waker is called later. */
    @ParameterizedTest
    @EnumSource
    void timeoutAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            WakeCounter waker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> sender.send("value"), receiver, sender, waker);

            String received = null;
            Poll polled = null;
            try {
                received = receiver.receive(Duration.ZERO);
            } catch (TimeoutException late) {
                polled = receiver.poll(waker);
            }

            Require.that(sending.join(), "the value is handed over");
            Require.that(waker.calls() == (polled == Poll.PENDING ? 1 : 0), "one call for one registration");
            Require.that("value".equals(received == null ? receiver.take() : received), "the value is not lost");
            Require.that(receiver.trySender() != null, "the round is over");
        });
    }

    /** The call returns the value with the interrupt flag set, or it throws and the value stays unread. */
    @ParameterizedTest
    @EnumSource
    void interruptAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            ScenarioThread<String> receiving = ScenarioThread.start(
                    () -> {
                        try {
                            return receiver.receive();
                        } catch (InterruptedException interrupted) {
                            return "interrupted";
                        }
                    },
                    receiver,
                    sender);
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> sender.send("value"), sender);
            receiving.interrupt();

            String received = receiving.join();
            Require.that(sending.join(), "the value is handed over");
            if (received.equals("interrupted")) {
                received = receiver.take();
            }
            Require.that(received.equals("value"), "the value is not lost");
            Require.that(receiver.trySender() != null, "the round is over");
        });
    }
}
