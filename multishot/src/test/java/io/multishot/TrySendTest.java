package io.multishot;

import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code trySend}, {@code tryFail} and {@code tryDrop} return false where the others throw. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class TrySendTest {
    private static final Exception CAUSE = new Exception("the timer was first");

    /** Neither side needs a catch. The timer's thread owns the receiver, so a waker may be registered or not. */
    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void exactlyOneOfReplyAndTimerWins(Level level) {
        Receiver<Integer> receiver = level.receiver();
        CountingWaker waker = new CountingWaker();
        int[] wins = new int[2];
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(300_000);
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> sender.trySend(round));
                boolean registered = (i & 1) == 0 && receiver.poll(waker) == Poll.PENDING;
                second.pause(i);
                boolean timer = (i & 2) == 0 ? sender.tryFail(CAUSE) : sender.tryDrop();
                boolean reply = second.join();

                require(timer != reply, "one of the two wins", i);
                Poll outcome = reply ? Poll.READY : (i & 2) == 0 ? Poll.FAILED : Poll.DROPPED;
                require(receiver.poll(waker) == outcome, "the outcome is the winner's", i);
                require(waker.takeCount() == (registered ? 1 : 0), "wake-ups", i);
                require(!reply || receiver.take() == round, "the value is the reply", i);
                wins[reply ? 1 : 0]++;
            }
        }
        assertThat(wins).as("either party won").doesNotContain(0);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstTryGivesTheRoundItsOutcome(Level level) {
        Receiver<String> receiver = level.receiver();

        assertThat(receiver.sender().trySend("value")).isTrue();
        assertThat(receiver.take()).isEqualTo("value");

        assertThat(receiver.sender().tryFail(CAUSE)).isTrue();
        assertThatThrownBy(receiver::take)
                .isInstanceOf(SenderFailedException.class)
                .hasCause(CAUSE);

        assertThat(receiver.sender().tryDrop()).isTrue();
        assertThatThrownBy(receiver::take).isInstanceOf(SenderDroppedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aTryNotifiesTheWaiter(Level level) {
        Receiver<String> receiver = level.receiver();
        CountingWaker waker = new CountingWaker();
        Sender<String> sender = receiver.sender();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);

        assertThat(sender.trySend("value")).isTrue();
        assertThat(sender.tryDrop()).isFalse();

        assertThat(waker.takeCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aConsumedSenderAnswersFalseWithinItsRound(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThat(sender.send("value")).isTrue();

        assertAnswersFalse(sender);
        assertThat(receiver.take()).isEqualTo("value");
        assertAnswersFalse(sender);
        assertThatThrownBy(receiver::take).isInstanceOf(SenderDroppedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aDetachedSenderAnswersFalse(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> abandoned = receiver.sender();
        assertThat(receiver.abandon()).isTrue();
        assertAnswersFalse(abandoned);

        Sender<String> closed = receiver.sender();
        receiver.close();
        assertAnswersFalse(closed);
        assertAnswersFalse(abandoned);
    }

    /** Whether a try was first or not, a use that is not a try throws for a consumed sender. */
    @ParameterizedTest
    @EnumSource
    void afterATryTheOthersThrow(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThat(sender.trySend("value")).isTrue();

        assertThatThrownBy(sender::drop).isInstanceOf(IllegalStateException.class);
        assertThat(receiver.take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void nullDoesNotConsumeTheSender(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();

        assertThatNullPointerException().isThrownBy(() -> sender.trySend(null));
        assertThatNullPointerException().isThrownBy(() -> sender.tryFail(null));

        assertThat(sender.trySend("value")).isTrue();
    }

    /** On a recycling receiver the stale sender would be the present round's own. */
    @Test
    void aStaleSafeSenderTouchesNoLaterRound() {
        Receiver<String> receiver = new Receiver<>();
        Sender<String> stale = receiver.sender();
        assertThat(stale.trySend("first")).isTrue();
        assertThat(receiver.take()).isEqualTo("first");
        Sender<String> next = receiver.sender();

        assertAnswersFalse(stale);

        assertThat(receiver.tryReceive()).isNull();
        assertThat(next.trySend("second")).isTrue();
        assertThat(receiver.take()).isEqualTo("second");
    }

    private static void assertAnswersFalse(Sender<String> sender) {
        assertThat(sender.trySend("late")).isFalse();
        assertThat(sender.tryFail(CAUSE)).isFalse();
        assertThat(sender.tryDrop()).isFalse();
    }
}
