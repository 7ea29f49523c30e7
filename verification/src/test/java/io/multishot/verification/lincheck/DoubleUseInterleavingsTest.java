package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A safe sender is used twice concurrently, or a round too late. */
@Tag("interleavings")
class DoubleUseInterleavingsTest {
    private static String use(Sender<String> sender, String value) {
        try {
            return sender.send(value) ? value : "refused";
        } catch (IllegalStateException consumed) {
            return "thrown";
        }
    }

    @Test
    void oneOfTwoOverlappingUsesSucceeds() {
        Interleavings.explore(() -> {
            Receiver<String> receiver = new Receiver<>();
            WakeCounter waker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            Require.that(receiver.poll(waker) == Poll.PENDING, "nothing is sent yet");
            ScenarioThread<String> other = ScenarioThread.start(() -> use(sender, "one"), receiver, sender, waker);

            String mine = use(sender, "two");

            String theirs = other.join();
            Require.that(mine.equals("thrown") != theirs.equals("thrown"), "one use succeeds, the other throws");
            Require.that(receiver.take().equals(mine.equals("thrown") ? "one" : "two"), "the value is the winner's");
            Require.that(waker.calls() == 1, "the waker is called once");
        });
    }

    @Test
    void staleSenderTouchesNoLaterRound() {
        Interleavings.explore(() -> {
            Receiver<String> receiver = new Receiver<>();
            WakeCounter waker = new WakeCounter();
            Sender<String> stale = receiver.sender();
            Require.that(stale.send("first"), "the first round's value is handed over");
            ScenarioThread<String> late = ScenarioThread.start(() -> use(stale, "late"), receiver, stale, waker);

            Require.that(receiver.take().equals("first"), "the first round's value");
            Sender<String> next = receiver.sender();
            Require.that(receiver.poll(waker) == Poll.PENDING, "a late use is not seen in the next round");
            Require.that(next.send("next") && receiver.take().equals("next"), "the next round has its own value");

            Require.that(late.join().equals("thrown"), "a late use throws");
        });
    }
}
