package io.multishot;

import static io.multishot.Partner.jitter;
import static io.multishot.Partner.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Sender#onAbandon} against abandon, close and send: one call, or none, and everybody knows which. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class OnAbandonRaceTest {
    /** Counts in a plain field: its reader relies on the edges that the library promises. */
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
        Budget budget = new Budget(40_000);
        try (Partner<Boolean> partner = new Partner<>()) {
            for (int i = 0; budget.allows(i); i++) {
                Sender<Integer> sender = receiver.sender();
                Plain waker = new Plain();
                partner.start(() -> {
                    sender.onAbandon(waker);
                    return true;
                });
                partner.pause(i);
                require(receiver.abandon(), "a live sender was detached", i);
                partner.join();
                require(waker.calls == 1, waker.calls + " calls", i);
                byReceiver += waker.calledOn == partner.thread() ? 0 : 1;
                require(sender.isAbandoned() && !sender.send(i), "detached", i);
            }
        }
        assertThat(byReceiver).as("both came up").isBetween(1, budget.rounds() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void aSendAgainstAbandonDecidesWhetherItIsCalled(Level level) {
        Receiver<Integer> receiver = level.receiver();
        int sent = 0;
        Budget budget = new Budget(40_000);
        Thread receiving = Thread.currentThread();
        try (Partner<Boolean> partner = new Partner<>()) {
            for (int i = 0; budget.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                Plain waker = new Plain();
                sender.onAbandon(waker);
                partner.start(() -> sender.send(round));
                partner.pause(i);
                boolean abandoned = receiver.abandon();
                require(waker.calls == (abandoned ? 1 : 0), waker.calls + " calls", i);
                require(!abandoned || waker.calledOn == receiving, "on the receiver's thread", i);
                require(partner.join() != abandoned, "one of the two", i);
                require(waker.calls == (abandoned ? 1 : 0), waker.calls + " calls later", i);
                sent += abandoned ? 0 : 1;
            }
        }
        assertThat(sent).as("both came up").isBetween(1, budget.rounds() - 1);
    }

    /** The registration of one round, the send of the same thread, and the next round, which must not see either. */
    @ParameterizedTest
    @EnumSource
    void aRecycledSenderNeverCallsTheWakerOfAnEarlierRound(Level level) throws InterruptedException {
        Receiver<Integer> receiver = level.receiver();
        Budget budget = new Budget(40_000);
        try (Partner<Boolean> partner = new Partner<>()) {
            for (int i = 0; budget.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                Plain waker = new Plain();
                partner.start(() -> {
                    sender.onAbandon(waker);
                    return sender.send(round);
                });
                partner.pause(i);
                require(receiver.receive() == round, "received", i);
                Sender<Integer> next = receiver.sender();
                require(receiver.abandon() && next.isAbandoned(), "detached", i);
                require(partner.join() && waker.calls == 0, waker.calls + " calls", i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void registrationsThatOverlapLeaveOneThatIsCalled(Level level) {
        Receiver<Integer> receiver = level.receiver();
        Budget budget = new Budget(40_000);
        try (Partner<Boolean> partner = new Partner<>()) {
            for (int i = 0; budget.allows(i); i++) {
                Sender<Integer> sender = receiver.sender();
                Plain first = new Plain();
                Plain second = new Plain();
                partner.start(() -> {
                    sender.onAbandon(first);
                    return true;
                });
                jitter(64);
                sender.onAbandon(second);
                boolean over = (i & 1) == 0;
                if (over) {
                    partner.join();
                }
                receiver.abandon();
                partner.join();
                int calls = first.calls + second.calls;
                require(over ? calls == 1 : calls == 1 || calls == 2, calls + " calls", i);
                require(first.calls < 2 && second.calls < 2, "twice", i);
            }
        }
    }
}
