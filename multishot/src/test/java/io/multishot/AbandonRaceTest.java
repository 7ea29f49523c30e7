package io.multishot;

import static io.multishot.SecondThread.jitter;
import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The receiver abandons a round while its sender is used.
 *
 * <p>Here and in the other tests of races each test runs on a thread of its own, so that a hang ends, and the stack
 * traces that the checked mode records stay short.
 */
@Tag("race")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class AbandonRaceTest {
    private static final IOException CAUSE = new IOException("broken");

    /** Consumes the sender, in each round in another of the three ways. */
    private static boolean use(Sender<Integer> sender, int round) {
        return switch (round % 3) {
            case 0 -> sender.send(round);
            case 1 -> sender.fail(CAUSE);
            default -> sender.drop();
        };
    }

    private static boolean refusesEveryUse(Sender<Integer> sender) {
        return !sender.send(-1) && !sender.fail(CAUSE) && !sender.drop();
    }

    @ParameterizedTest
    @EnumSource
    void eitherTheSenderIsDetachedOrItsOutcomeIsHandedOver(Level level) {
        Receiver<Integer> receiver = level.receiver();
        CountingWaker waker = new CountingWaker();
        int detached = 0;
        RoundLimit limit = new RoundLimit(400_000);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                boolean registered = (round & 16) == 0 && receiver.poll(waker) == Poll.PENDING;
                second.start(() -> use(sender, round));
                second.pause(i);
                boolean abandoned = receiver.abandon();
                boolean handedOver = second.join();

                require(abandoned != handedOver, "abandoned: " + abandoned + ", handed over: " + handedOver, i);
                require(waker.takeCount() == (handedOver && registered ? 1 : 0), "wake-ups", i);
                require(receiver.poll(waker) == Poll.DROPPED, "the round is over", i);
                if (abandoned) {
                    detached++;
                    require(sender.isAbandoned(), "detached", i);
                    require(refusesEveryUse(sender) && refusesEveryUse(sender), "detached for good", i);
                    require(sender.isAbandoned(), "detached for good", i);
                }
            }
        }
        assertThat(detached).as("both outcomes occurred").isBetween(1, limit.rounds() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void aFreshRoundIsNeverDisturbedByTheSenderOfAnAbandonedOne(Level level) {
        Receiver<Integer> receiver = level.receiver();
        CountingWaker waker = new CountingWaker();
        RoundLimit limit = new RoundLimit(1_500_000, 2500);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> late = receiver.sender();
                second.start(() -> use(late, round));
                second.pause(i);
                receiver.abandon();

                Sender<Integer> fresh = receiver.sender();
                if ((round & 16) == 0) {
                    require(receiver.poll(waker) == Poll.PENDING, "the fresh sender is unused", i);
                }
                while (second.isBusy()) {
                    require(receiver.tryReceive() == null, "the fresh sender is unused", i);
                }
                second.join();
                require(receiver.tryReceive() == null, "the fresh sender is unused", i);
                require(!fresh.isAbandoned() && fresh.send(round), "the fresh sender is live", i);
                require(receiver.poll(waker) == Poll.READY && receiver.take() == round, "the fresh value came", i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDetachedSenderReturnsFalseToSeveralThreads(Level level) {
        Receiver<Integer> receiver = level.receiver();
        try (SecondThread<Boolean> first = new SecondThread<>();
                SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; i < 200; i++) {
                Sender<Integer> sender = receiver.sender();
                assertThat(receiver.abandon()).isTrue();
                first.start(() -> remainsDetached(sender));
                second.start(() -> remainsDetached(sender));
                require(remainsDetached(sender) && first.join() && second.join(), "false, always", i);
            }
        }
    }

    private static boolean remainsDetached(Sender<Integer> sender) {
        for (int i = 0; i < 100; i++) {
            if (!sender.isAbandoned() || use(sender, i)) {
                return false;
            }
        }
        return sender.isAbandoned();
    }

    /** A late use may overwrite the sentinel for a moment, but has put it back when it returns. */
    @ParameterizedTest
    @EnumSource
    void anAbandonmentBecomesVisibleAndStaysSoAfterALateUse(Level level) {
        Receiver<Integer> receiver = level.receiver();
        try (SecondThread<Boolean> watcher = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(100_000);
            for (int i = 0; limit.allows(i); i++) {
                Sender<Integer> sender = receiver.sender();
                watcher.start(() -> {
                    SecondThread.Backoff backoff = new SecondThread.Backoff();
                    while (!sender.isAbandoned()) {
                        backoff.once("the abandonment does not become visible");
                    }
                    return !sender.drop() && sender.isAbandoned();
                });
                jitter();
                require(receiver.abandon(), "the sender is unused", i);
                require(watcher.join(), "detached for good", i);
            }
        }
    }

    /**
     * An exchange that comes after abandon, of a sender that found its slot open before, covers the sentinel of the
     * abandoned cell with its outcome for a moment. No caller may notice.
     */
    @ParameterizedTest
    @EnumSource
    void onceAbandonReturnsEveryUseFindsADetachedSender(Level level) {
        Receiver<Integer> receiver = level.receiver();
        int detached = 0;
        RoundLimit limit = new RoundLimit(200_000, 1000);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> sender.send(round));
                second.pause(i);
                boolean abandoned = receiver.abandon();
                for (int use = 0; abandoned && use < 20; use++) {
                    require(sender.isAbandoned() && !sender.drop(), "detached", i);
                }
                require(second.join() != abandoned, "one of the two", i);
                require(receiver.poll(() -> {}) == Poll.DROPPED, "the round is over", i);
                detached += abandoned ? 1 : 0;
            }
        }
        assertThat(detached).as("both outcomes occurred").isBetween(1, limit.rounds() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void dropWhileTheReceiverIsClosed(Level level) {
        closeAgainst(level, 2);
    }

    @ParameterizedTest
    @EnumSource
    void sendWhileTheReceiverIsClosed(Level level) {
        closeAgainst(level, 0);
    }

    @ParameterizedTest
    @EnumSource
    void failWhileTheReceiverIsClosed(Level level) {
        closeAgainst(level, 1);
    }

    private static void closeAgainst(Level level, int kind) {
        int refused = 0;
        RoundLimit limit = new RoundLimit(100_000);
        CountingWaker waker = new CountingWaker();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                Receiver<Integer> receiver = level.receiver();
                Sender<Integer> sender = receiver.sender();
                boolean registered = (i & 16) == 0 && receiver.poll(waker) == Poll.PENDING;
                second.start(() -> use(sender, kind));
                second.pause(i);
                receiver.close();
                boolean handedOver = second.join();

                require(receiver.isClosed(), "closed", i);
                require(waker.takeCount() == (handedOver && registered ? 1 : 0), "wake-ups", i);
                if (handedOver) {
                    assertThatThrownBy(sender::drop).isInstanceOf(IllegalStateException.class);
                } else {
                    refused++;
                    require(sender.isAbandoned() && refusesEveryUse(sender), "detached for good", i);
                }
                receiver.close();
            }
        }
        assertThat(refused).as("both outcomes occurred").isBetween(1, limit.rounds() - 1);
    }
}
