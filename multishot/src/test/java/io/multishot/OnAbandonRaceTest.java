package io.multishot;

import static io.multishot.SecondThread.jitter;
import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Sender#onAbandon} against abandon, close and send: the waker is called once, or not at all. */
@Tag("race")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class OnAbandonRaceTest {
    /** Counts in a plain field: its reader relies on the happens-before edges that the library promises. */
    private static final class Plain implements Waker {
        private int calls;
        private Thread calledOn;

        @Override
        public void wake() {
            calls++;
            calledOn = Thread.currentThread();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRegistrationAgainstAbandonIsCalledOnceByEither(Level level) {
        Receiver<Integer> receiver = level.receiver();
        int byReceiver = 0;
        RoundLimit limit = new RoundLimit(40_000);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                Sender<Integer> sender = receiver.sender();
                Plain waker = new Plain();
                second.start(() -> {
                    sender.onAbandon(waker);
                    return true;
                });
                second.pause(i);
                require(receiver.abandon(), "a live sender was detached", i);
                second.join();
                require(waker.calls == 1, waker.calls + " calls", i);
                byReceiver += waker.calledOn == second.thread() ? 0 : 1;
                require(sender.isAbandoned() && !sender.send(i), "detached", i);
            }
        }
        assertThat(byReceiver).as("both occurred").isBetween(1, limit.rounds() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void aSendAgainstAbandonDecidesWhetherItIsCalled(Level level) {
        Receiver<Integer> receiver = level.receiver();
        int sent = 0;
        RoundLimit limit = new RoundLimit(40_000);
        Thread receiving = Thread.currentThread();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                Plain waker = new Plain();
                sender.onAbandon(waker);
                second.start(() -> sender.send(round));
                second.pause(i);
                boolean abandoned = receiver.abandon();
                require(waker.calls == (abandoned ? 1 : 0), waker.calls + " calls", i);
                require(!abandoned || waker.calledOn == receiving, "on the receiver's thread", i);
                require(second.join() != abandoned, "one of the two", i);
                require(waker.calls == (abandoned ? 1 : 0), waker.calls + " calls later", i);
                sent += abandoned ? 0 : 1;
            }
        }
        assertThat(sent).as("both occurred").isBetween(1, limit.rounds() - 1);
    }

    /** The next round must see neither the registration nor the send of the previous one. */
    @ParameterizedTest
    @EnumSource
    void aRecycledSenderNeverCallsTheWakerOfAnEarlierRound(Level level) throws InterruptedException {
        Receiver<Integer> receiver = level.receiver();
        RoundLimit limit = new RoundLimit(40_000);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                Plain waker = new Plain();
                second.start(() -> {
                    sender.onAbandon(waker);
                    return sender.send(round);
                });
                second.pause(i);
                require(receiver.receive() == round, "received", i);
                Sender<Integer> next = receiver.sender();
                require(receiver.abandon() && next.isAbandoned(), "detached", i);
                require(second.join() && waker.calls == 0, waker.calls + " calls", i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void registrationsThatOverlapLeaveOneThatIsCalled(Level level) {
        Receiver<Integer> receiver = level.receiver();
        RoundLimit limit = new RoundLimit(40_000);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                Sender<Integer> sender = receiver.sender();
                Plain theirs = new Plain();
                Plain ours = new Plain();
                second.start(() -> {
                    sender.onAbandon(theirs);
                    return true;
                });
                jitter(64);
                sender.onAbandon(ours);
                boolean over = (i & 1) == 0;
                if (over) {
                    second.join();
                }
                receiver.abandon();
                second.join();
                int calls = theirs.calls + ours.calls;
                require(over ? calls == 1 : calls == 1 || calls == 2, calls + " calls", i);
                require(theirs.calls < 2 && ours.calls < 2, "twice", i);
            }
        }
    }
}
