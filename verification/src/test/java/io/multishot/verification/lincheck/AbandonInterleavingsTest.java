package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The receiver abandons a round while its sender is used: one of the two wins, and both learn which. */
@Tag("interleavings")
class AbandonInterleavingsTest {
    /** Only its own sender affects the round after an abandoned one, however late the first sender is. */
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
            Require.that(receiver.poll(nextWaker) == Poll.PENDING, "the abandoned round leaves no value behind");

            boolean handedOver = sending.join();
            Require.that(handedOver != detached, "handed over or detached, never both, never neither");
            Require.that(waker.calls() == (handedOver ? 1 : 0), "the waker is called for an outcome only");
            Require.that(!detached || (sender.isAbandoned() && !sender.send("again")), "detached stays detached");
            Require.that(receiver.poll(nextWaker) == Poll.PENDING, "a late sender does not touch the next round");
            Require.that(next.send("next") && nextWaker.calls() == 1, "the next round works");
            Require.that(receiver.take().equals("next"), "the next round has its own value");
        });
    }

    /** A sender that is detached concurrently returns false for every use on any thread, also for overlapping uses. */
    @ParameterizedTest
    @EnumSource
    void abandonedBeforeOverlappingUses(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> sender.send("late"), receiver, sender);

            boolean detached = receiver.abandon();
            if (detached) {
                Require.that(sender.isAbandoned(), "after abandon() the sender reports that it is abandoned");
                Require.that(!sender.drop(), "an overlapping use of a detached sender returns false");
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
            Require.that(waits && waker.calls() == (handedOver ? 1 : 0), "closing notifies no waiter");
            boolean refused = false;
            try {
                receiver.trySender();
            } catch (IllegalStateException closed) {
                refused = true;
            }
            Require.that(refused, "a closed receiver begins no round");
        });
    }

    /** A sender that returns false reports why: the receiver abandoned the round. */
    @ParameterizedTest
    @EnumSource
    void refusedMeansAbandoned(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending =
                    ScenarioThread.start(() -> sender.send("late") || sender.isAbandoned(), receiver, sender);

            receiver.abandon();

            Require.that(sending.join(), "a sender that returns false reports that it is abandoned");
        });
    }
}
