package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The receiver gives a round up while its sender is being used: one of the two wins, and both know which. */
@Tag("interleavings")
class AbandonInterleavingsTest {
    /** The round after an abandoned one belongs to its own sender alone, however late the first one is. */
    @ParameterizedTest
    @EnumSource
    void abandonAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            WakeCounter waker = new WakeCounter();
            WakeCounter nextWaker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            Require.that(receiver.poll(waker) == Poll.PENDING, "nothing is sent yet");
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> sender.send("late"), receiver, sender, waker);

            boolean detached = receiver.abandon();
            Sender<String> next = receiver.sender();
            Require.that(receiver.poll(nextWaker) == Poll.PENDING, "the abandoned round leaves no ghost");

            boolean handedOver = sending.join();
            Require.that(handedOver != detached, "handed over or detached, never both, never neither");
            Require.that(waker.calls() == (handedOver ? 1 : 0), "the waker is called for an outcome only");
            Require.that(!detached || (sender.isAbandoned() && !sender.send("again")), "detached stays detached");
            Require.that(receiver.poll(nextWaker) == Poll.PENDING, "a late sender does not touch the next round");
            Require.that(next.send("next") && nextWaker.calls() == 1, "the next round works");
            Require.that(receiver.take().equals("next"), "the next round has its own value");
        });
    }

    /** A sender that is detached meanwhile answers false to every use, from any thread, also to uses that overlap. */
    @ParameterizedTest
    @EnumSource
    void abandonedBeforeUsesThatOverlap(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> sender.send("late"), receiver, sender);

            boolean detached = receiver.abandon();
            if (detached) {
                Require.that(sender.isAbandoned(), "who learns of the abandonment finds it confirmed");
                Require.that(!sender.drop(), "a use that overlaps another one of a detached sender is false");
            }

            Require.that(sending.join() != detached, "handed over or detached");
        });
    }

    @ParameterizedTest
    @EnumSource
    void closeAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            WakeCounter waker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            boolean waits = receiver.poll(waker) == Poll.PENDING;
            ScenarioThread<Boolean> sending = ScenarioThread.start(
                    () -> {
                        boolean handedOver = sender.send("late");
                        Require.that(handedOver || !sender.send("again"), "detached stays detached");
                        return handedOver;
                    },
                    receiver,
                    sender,
                    waker);

            receiver.close();
            Require.that(receiver.isClosed(), "closed is closed");

            boolean handedOver = sending.join();
            Require.that(waits && waker.calls() == (handedOver ? 1 : 0), "closing wakes nobody");
            boolean refused = false;
            try {
                receiver.trySender();
            } catch (IllegalStateException closed) {
                refused = true;
            }
            Require.that(refused, "a closed receiver begins no round");
        });
    }

    /** Whoever is refused finds the reason: the receiver gave the round up. */
    @ParameterizedTest
    @EnumSource
    void refusedMeansAbandoned(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending =
                    ScenarioThread.start(() -> sender.send("late") || sender.isAbandoned(), receiver, sender);

            receiver.abandon();

            Require.that(sending.join(), "a sender that answers false says that it is abandoned");
        });
    }
}
