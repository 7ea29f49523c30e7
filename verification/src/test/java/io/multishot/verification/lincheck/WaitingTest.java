package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thread waits while the sender is being used. A thread that is never unparked is a deadlock to the model checker.
 */
@Tag("interleavings")
class WaitingTest {
    /** Two rounds, for the first sender's unpark may come in the second. */
    @ParameterizedTest
    @EnumSource
    void receiveAgainstSend(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            Sender<String> sender = receiver.sender();
            Party<Boolean> sending = Party.start(() -> sender.send("first"), receiver, sender);
            Check.that(receiver.receive().equals("first"), "the first round's value");

            Sender<String> next = receiver.sender();
            Party<Boolean> sendingNext = Party.start(() -> next.send("second"), next);
            Check.that(receiver.receiveUninterruptibly().equals("second"), "the second round's value");

            Check.that(sending.join() && sendingNext.join(), "both are handed over");
        });
    }

    /** Too late, the waiter is withdrawn and nothing is lost: the value is there, or a waker is told when it is. */
    @ParameterizedTest
    @EnumSource
    void timeoutAgainstSend(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            CountingWaker waker = new CountingWaker();
            Sender<String> sender = receiver.sender();
            Party<Boolean> sending = Party.start(() -> sender.send("value"), receiver, sender, waker);

            String received = null;
            Poll polled = null;
            try {
                received = receiver.receive(Duration.ZERO);
            } catch (TimeoutException late) {
                polled = receiver.poll(waker);
            }

            Check.that(sending.join(), "the value is handed over");
            Check.that(waker.calls() == (polled == Poll.PENDING ? 1 : 0), "one call for one registration");
            Check.that("value".equals(received == null ? receiver.take() : received), "the value is not lost");
            Check.that(receiver.trySender() != null, "the round is over");
        });
    }

    /** The value, with the interrupt pending, or the exception, with the value unread; never neither, never both. */
    @ParameterizedTest
    @EnumSource
    void interruptAgainstSend(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            Sender<String> sender = receiver.sender();
            Party<String> receiving = Party.start(
                    () -> {
                        try {
                            return receiver.receive();
                        } catch (InterruptedException interrupted) {
                            return "interrupted";
                        }
                    },
                    receiver,
                    sender);
            Party<Boolean> sending = Party.start(() -> sender.send("value"), sender);
            receiving.interrupt();

            String received = receiving.join();
            Check.that(sending.join(), "the value is handed over");
            if (received.equals("interrupted")) {
                received = receiver.take();
            }
            Check.that(received.equals("value"), "the value is not lost");
            Check.that(receiver.trySender() != null, "the round is over");
        });
    }
}
