package io.multishot.verification.lincheck;

import io.multishot.Receiver;
import io.multishot.Sender;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sender's side wants to be told of the abandonment while that is happening, or while the sender is being used. */
@Tag("interleavings")
class OnAbandonTest {
    @ParameterizedTest
    @EnumSource
    void registrationAgainstAbandon(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            Sender<String> sender = receiver.sender();
            CountingWaker replaced = new CountingWaker();
            CountingWaker waker = new CountingWaker();
            Party<Boolean> registering = Party.start(
                    () -> {
                        sender.onAbandon(replaced);
                        sender.onAbandon(waker);
                        return sender.isAbandoned();
                    },
                    receiver,
                    sender,
                    replaced,
                    waker);

            Check.that(receiver.abandon(), "a live sender is detached");

            boolean told = registering.join();
            Check.that(waker.calls() == 1, "one call, by either side");
            Check.that(replaced.calls() <= 1, "at most one call of the one that was replaced");
            Check.that(!told || sender.isAbandoned(), "once true, it stays true");
        });
    }

    /** Whoever is first decides; a sender that is refused swallows no waker. */
    @ParameterizedTest
    @EnumSource
    void sendAgainstAbandon(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            Sender<String> sender = receiver.sender();
            CountingWaker waker = new CountingWaker();
            sender.onAbandon(waker);
            Party<Boolean> sending = Party.start(
                    () -> {
                        boolean sent = sender.send("value");
                        Check.that(sent || (sender.isAbandoned() && !sender.drop()), "who is refused stays so");
                        return sent;
                    },
                    receiver,
                    sender,
                    waker);

            boolean abandoned = receiver.abandon();
            Check.that(waker.calls() == (abandoned ? 1 : 0), "called before abandon returns, or never");

            Check.that(sending.join() != abandoned, "one of the two");
            Check.that(waker.calls() == (abandoned ? 1 : 0), "and that is all");
        });
    }

    @ParameterizedTest
    @EnumSource
    void recycledSenderStartsWithout(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            Sender<String> sender = receiver.sender();
            CountingWaker waker = new CountingWaker();
            Party<Boolean> sending = Party.start(
                    () -> {
                        sender.onAbandon(waker);
                        return sender.send("value");
                    },
                    receiver,
                    sender,
                    waker);

            Check.that(receiver.receive().equals("value"), "the first round's value");
            Sender<String> next = receiver.sender();
            Check.that(receiver.abandon() && next.isAbandoned(), "the second round is given up");

            Check.that(sending.join(), "handed over");
            Check.that(waker.calls() == 0, "the first round's waker is gone");
        });
    }
}
