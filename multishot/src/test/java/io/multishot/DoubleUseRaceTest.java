package io.multishot;

import static io.multishot.SecondThread.jitter;
import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two threads use the same sender, or one uses a sender whose round is over. */
@Tag("race")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class DoubleUseRaceTest {
    /** The result of a use; any other fails the test. */
    private enum Answer {
        YES,
        NO,
        MISUSE
    }

    /** A value whose halves must belong together. */
    private record Whole(long number, long complement) {
        Whole(long number) {
            this(number, ~number);
        }

        boolean isTorn() {
            return number != ~complement;
        }
    }

    private static final Throwable[] CAUSES = {new Throwable("first"), new Throwable("second")};

    private static Answer answer(Callable<Boolean> use) {
        try {
            return use.call() ? Answer.YES : Answer.NO;
        } catch (IllegalStateException misuse) {
            if (misuse.getMessage().startsWith("sender already consumed")) {
                return Answer.MISUSE;
            }
            throw misuse;
        } catch (Exception unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    /** Uses the sender in one of three ways. The outcome identifies the user, 0 or 1: only user 1 drops. */
    private static Answer use(Sender<Integer> sender, int user, int kind) {
        return answer(() -> switch (kind) {
            case 0 -> sender.send(user);
            case 1 -> sender.fail(CAUSES[user]);
            default -> user == 0 ? sender.send(user) : sender.drop();
        });
    }

    private static int winner(Receiver<Integer> receiver) {
        try {
            return receiver.take();
        } catch (SenderFailedException failed) {
            return failed.getCause() == CAUSES[0] ? 0 : 1;
        } catch (SenderDroppedException dropped) {
            return 1;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("checked")
    void exactlyOneOfTwoOverlappingUsesSucceedsInTheCheckedMode(Level level) {
        overlap(level);
    }

    @Test
    void exactlyOneOfTwoOverlappingUsesOfASafeSenderSucceeds() {
        overlap(Level.SAFE);
    }

    /** The exchange detects the second use, as long as the receiver does not begin the next round. */
    @Test
    @Tag("unchecked")
    void exactlyOneOfTwoOverlappingUsesOfARecycledSenderSucceedsWithinItsRound() {
        int[] wins = new int[2];
        Receiver<Integer> receiver = Receiver.recycling();
        try (SecondThread<Answer> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(300_000);
            for (int i = 0; limit.allows(i); i++) {
                int kind = i % 3;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> use(sender, 1, kind));
                second.pause(i);
                Answer mine = use(sender, 0, kind);
                Answer theirs = second.join();
                require(mine != theirs && mine != Answer.NO && theirs != Answer.NO, mine + " and " + theirs, i);
                wins[winner(receiver)]++;
            }
        }
        assertThat(wins)
                .as("either user won, or overwrote the winner's outcome")
                .doesNotContain(0);
    }

    private static void overlap(Level level) {
        Receiver<Integer> receiver = level.receiver();
        CountingWaker waker = new CountingWaker();
        int[] wins = new int[2];
        try (SecondThread<Answer> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(300_000);
            for (int i = 0; limit.allows(i); i++) {
                int kind = i % 3;
                Sender<Integer> sender = receiver.sender();
                boolean registered = (i & 16) == 0 && receiver.poll(waker) == Poll.PENDING;
                second.start(() -> use(sender, 1, kind));
                second.pause(i);
                Answer mine = use(sender, 0, kind);
                if (mine == Answer.YES) {
                    require(receiver.poll(waker) != Poll.PENDING, "the winner's outcome is there", i);
                }
                Answer theirs = second.join();

                require(mine != theirs && mine != Answer.NO && theirs != Answer.NO, mine + " and " + theirs, i);
                require(use(sender, 1, kind) == Answer.MISUSE, "a third use", i);
                require(waker.takeCount() == (registered ? 1 : 0), "wake-ups", i);
                int winner = winner(receiver);
                require((winner == 0) == (mine == Answer.YES), "the outcome is the winner's", i);
                require(use(sender, 1, kind) == Answer.MISUSE, "a use after the round", i);
                require(receiver.poll(waker) == Poll.DROPPED, "the round is over", i);
                wins[winner]++;
            }
        }
        assertThat(wins).as("either user won").doesNotContain(0);
    }

    /** The receiver takes the outcome and begins the next round while the loser is still inside its call. */
    @Test
    void theLoserOfASafeRoundNeverTouchesTheNext() {
        Receiver<Integer> receiver = new Receiver<>();
        try (SecondThread<Answer> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(300_000);
            for (int i = 0; limit.allows(i); i++) {
                Sender<Integer> shared = receiver.sender();
                second.start(() -> use(shared, 1, 0));
                second.pause(i);
                Answer mine = use(shared, 0, 0);
                SecondThread.Backoff backoff = new SecondThread.Backoff();
                Integer outcome = receiver.tryReceive();
                while (outcome == null) {
                    backoff.once("the winner's value does not come");
                    outcome = receiver.tryReceive();
                }
                Sender<Integer> next = receiver.sender();
                while (second.isBusy()) {
                    require(receiver.tryReceive() == null, "the next sender is unused", i);
                }
                require((second.join() == Answer.YES) == (outcome == 1), "the outcome is the winner's", i);
                require((mine == Answer.YES) == (outcome == 0), "the outcome is the winner's", i);
                require(receiver.tryReceive() == null && next.send(2), "the next sender is unused", i);
                require(receiver.take() == 2, "its value came", i);
            }
        }
    }

    @Test
    void staleSafeSendersAlwaysThrowAndTheCurrentRoundIsIntact() {
        Receiver<Integer> receiver = new Receiver<>();
        Sender<?>[] stale = new Sender<?>[64];
        for (int i = 0; i < stale.length; i++) {
            Sender<Integer> sender = receiver.sender();
            sender.send(i);
            stale[i] = sender;
            if (i % 2 == 0) {
                receiver.take();
            }
        }
        boolean[] stop = {false};
        Object lock = new Object();
        CountingWaker waker = new CountingWaker();
        try (SecondThread<Answer> second = new SecondThread<>()) {
            second.start(() -> {
                while (true) {
                    synchronized (lock) {
                        if (stop[0]) {
                            return Answer.MISUSE;
                        }
                    }
                    for (int i = 0; i < 64; i++) {
                        @SuppressWarnings("unchecked")
                        Sender<Integer> sender = (Sender<Integer>) stale[i];
                        require(use(sender, 1, i % 3) == Answer.MISUSE, "a stale sender throws", i);
                    }
                }
            });
            RoundLimit limit = new RoundLimit(100_000);
            for (int i = 0; limit.allows(i); i++) {
                Sender<Integer> sender = receiver.sender();
                require(receiver.poll(waker) == Poll.PENDING, "it is unused", i);
                jitter(16);
                require(receiver.poll(waker) == Poll.PENDING, "it is unused", i);
                require(sender.send(i), "the current sender is live", i);
                require(waker.takeCount() == 1, "one wake-up", i);
                require(receiver.take() == i, "the current value", i);
                if (i % 16 == 0) {
                    jitter(64);
                }
            }
            synchronized (lock) {
                stop[0] = true;
            }
            second.join();
        }
    }

    /** This is the holder's bug, as with a pooled buffer: wrong results are possible, but only in this channel. */
    @Test
    @Tag("unchecked")
    void overlappingAndStaleUsesOfARecycledSenderDoNoHarmToOtherChannels() {
        Receiver<Whole> receiver = Receiver.recycling();
        Receiver<Whole> other = Receiver.recycling();
        CountingWaker waker = new CountingWaker();
        CountingWaker otherWaker = new CountingWaker();
        int misuses = 0;
        try (SecondThread<Answer> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(300_000);
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Whole> shared = receiver.sender();
                Sender<Whole> innocent = other.sender();
                require(other.poll(otherWaker) == Poll.PENDING, "the other channel", i);
                if ((i & 1) == 0) {
                    require(receiver.poll(waker) == Poll.PENDING, "every use of an earlier round is over", i);
                }
                second.start(() -> {
                    Answer answer = answer(() -> shared.send(new Whole(round)));
                    require(innocent.send(new Whole(-round)), "the other channel", round);
                    return answer;
                });
                second.pause(i);
                Answer mine = answer(() -> shared.send(new Whole(round)));
                // take what is there, and begin the next round, while the other use may be in progress
                Whole value = receiver.tryReceive();
                require(value == null || (!value.isTorn() && value.number == round), "a value of this round", i);
                Sender<Whole> next = receiver.trySender();
                require(next == null || next == shared, "recycled", i);
                jitter(4);
                value = receiver.trySender() == null ? receiver.tryReceive() : null;
                require(value == null || (!value.isTorn() && value.number == round), "a value of this round", i);
                Answer theirs = second.join();
                require(mine == Answer.YES || theirs == Answer.YES, mine + " and " + theirs, i);
                require(mine != Answer.NO && theirs != Answer.NO, mine + " and " + theirs, i);
                misuses += mine == theirs ? 0 : 1;
                receiver.abandon();

                require(otherWaker.takeCount() == 1 && other.poll(otherWaker) == Poll.READY, "the other channel", i);
                Whole intact = other.take();
                require(!intact.isTorn() && intact.number == -round, "the other channel", i);
            }
        }
        assertThat(misuses).as("detected as far as one exchange can").isPositive();
    }

    /** No thread hangs: the use that detects the misuse throws, and a parked receiver gets one of the outcomes. */
    @Test
    @Tag("unchecked")
    void aParkedReceiverGetsOneOfTwoOverlappingOutcomes() throws InterruptedException {
        Receiver<Integer> receiver = Receiver.recycling();
        try (SecondThread<Answer> first = new SecondThread<>();
                SecondThread<Answer> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(20_000);
            for (int i = 0; limit.allows(i); i++) {
                Sender<Integer> sender = receiver.sender();
                int delay = ThreadLocalRandom.current().nextInt(300);
                first.start(() -> {
                    jitter(delay + 1);
                    return use(sender, 0, 0);
                });
                second.start(() -> {
                    jitter(delay + 1);
                    return use(sender, 1, 0);
                });
                int value = receiver.receive();
                require(value == 0 || value == 1, "one of two", i);
                require(first.join() == Answer.YES | second.join() == Answer.YES, "one use succeeded", i);
                receiver.poll(() -> {});
                receiver.abandon();
            }
        }
    }
}
