package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The receiver gives a round up while its sender is being used: one of the two wins, and both know which. */
@Tag("interleavings")
class GivingUpTest {
    /** The round after an abandoned one belongs to its own sender alone, however late the first one is. */
    @ParameterizedTest
    @EnumSource
    void abandonAgainstSend(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            CountingWaker waker = new CountingWaker();
            CountingWaker nextWaker = new CountingWaker();
            Sender<String> sender = receiver.sender();
            Check.that(receiver.poll(waker) == Poll.PENDING, "nothing is sent yet");
            Party<Boolean> sending = Party.start(() -> sender.send("late"), receiver, sender, waker);

            boolean detached = receiver.abandon();
            Sender<String> next = receiver.sender();
            Check.that(receiver.poll(nextWaker) == Poll.PENDING, "the abandoned round leaves no ghost");

            boolean handedOver = sending.join();
            Check.that(handedOver != detached, "handed over or detached, never both, never neither");
            Check.that(waker.calls() == (handedOver ? 1 : 0), "the waker is called for an outcome only");
            Check.that(!detached || (sender.isAbandoned() && !sender.send("again")), "detached stays detached");
            Check.that(receiver.poll(nextWaker) == Poll.PENDING, "a late sender does not touch the next round");
            Check.that(next.send("next") && nextWaker.calls() == 1, "the next round works");
            Check.that(receiver.take().equals("next"), "the next round has its own value");
        });
    }

    /** A sender that is detached meanwhile answers false to every use, from any thread, also to uses that overlap. */
    @ParameterizedTest
    @EnumSource
    void abandonedBeforeUsesThatOverlap(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            Sender<String> sender = receiver.sender();
            Party<Boolean> sending = Party.start(() -> sender.send("late"), receiver, sender);

            boolean detached = receiver.abandon();
            if (detached) {
                Check.that(sender.isAbandoned(), "who learns of the abandonment finds it confirmed");
                Check.that(!sender.drop(), "a use that overlaps another one of a detached sender is false");
            }

            Check.that(sending.join() != detached, "handed over or detached");
        });
    }

    @ParameterizedTest
    @EnumSource
    void closeAgainstSend(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            CountingWaker waker = new CountingWaker();
            Sender<String> sender = receiver.sender();
            boolean waits = receiver.poll(waker) == Poll.PENDING;
            Party<Boolean> sending = Party.start(
                    () -> {
                        boolean handedOver = sender.send("late");
                        Check.that(handedOver || !sender.send("again"), "detached stays detached");
                        return handedOver;
                    },
                    receiver,
                    sender,
                    waker);

            receiver.close();
            Check.that(receiver.isClosed(), "closed is closed");

            boolean handedOver = sending.join();
            Check.that(waits && waker.calls() == (handedOver ? 1 : 0), "closing wakes nobody");
            boolean refused = false;
            try {
                receiver.trySender();
            } catch (IllegalStateException closed) {
                refused = true;
            }
            Check.that(refused, "a closed receiver begins no round");
        });
    }

    /** Whoever is refused finds the reason: the receiver gave the round up. */
    @ParameterizedTest
    @EnumSource
    void refusedMeansAbandoned(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            Sender<String> sender = receiver.sender();
            Party<Boolean> sending = Party.start(() -> sender.send("late") || sender.isAbandoned(), receiver, sender);

            receiver.abandon();

            Check.that(sending.join(), "a sender that answers false says that it is abandoned");
        });
    }
}
