package io.multishot.verification.lincheck;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A waker of onAbandon is registered while the receiver abandons the round, or while the sender is used. */
@Tag("interleavings")
class OnAbandonInterleavingsTest {
    @ParameterizedTest
    @EnumSource
    void registrationAgainstAbandon(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            WakeCounter replaced = new WakeCounter();
            WakeCounter waker = new WakeCounter();
            ScenarioThread<Boolean> registering = ScenarioThread.start(
                    () -> {
                        sender.onAbandon(replaced);
                        sender.onAbandon(waker);
                        return sender.isAbandoned();
                    },
                    receiver,
                    sender,
                    replaced,
                    waker);

            Require.that(receiver.abandon(), "a live sender is detached");

            boolean reported = registering.join();
            Require.that(waker.calls() == 1, "one call, by either side");
            Require.that(replaced.calls() <= 1, "at most one call of the one that was replaced");
            Require.that(!reported || sender.isAbandoned(), "once true, it stays true");
        });
    }

    /** The first of the two decides; a sender that is refused suppresses no waker. */
    @ParameterizedTest
    @EnumSource
    void sendAgainstAbandon(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            WakeCounter waker = new WakeCounter();
            sender.onAbandon(waker);
            ScenarioThread<Boolean> sending = ScenarioThread.start(
                    () -> {
                        boolean sent = sender.send("value");
                        Require.that(
                                sent || (sender.isAbandoned() && !sender.drop()), "a refused sender stays refused");
                        return sent;
                    },
                    receiver,
                    sender,
                    waker);

            boolean abandoned = receiver.abandon();
            Require.that(waker.calls() == (abandoned ? 1 : 0), "called before abandon returns, or never");

            Require.that(sending.join() != abandoned, "one of the two");
            Require.that(waker.calls() == (abandoned ? 1 : 0), "and not again later");
        });
    }

    @ParameterizedTest
    @EnumSource
    void recycledSenderStartsWithout(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            WakeCounter waker = new WakeCounter();
            ScenarioThread<Boolean> sending = ScenarioThread.start(
                    () -> {
                        sender.onAbandon(waker);
                        return sender.send("value");
                    },
                    receiver,
                    sender,
                    waker);

            Require.that(receiver.receive().equals("value"), "the first round's value");
            Sender<String> next = receiver.sender();
            Require.that(receiver.abandon() && next.isAbandoned(), "the second round is abandoned");

            Require.that(sending.join(), "handed over");
            Require.that(waker.calls() == 0, "the first round's waker is gone");
        });
    }
}
