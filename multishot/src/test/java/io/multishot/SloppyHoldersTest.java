package io.multishot;

import static io.multishot.SecondThread.jitter;
import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ordinary but sloppy code: holders that use a sender once too often. On a safe receiver, which is the default, no
 * later, innocent round is harmed: each gets its own value.
 *
 * <p>With {@code Receiver.recycling()} in its place the sender of an innocent round is the very object that the sloppy
 * holder has. In one run on two busy processors the catch that calls {@code fail} then harmed 2,061 of 5,952 innocent
 * rounds, the {@code finally} block that drops 770 of 9,984, and the second server 253 of 5,824.
 */
@Tag("race")
@Tag("unchecked")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class SloppyHoldersTest {
    private static final int ROUNDS = 100_000;
    private static final long MILLIS = 1000;

    /** So many spins that the receiver may begin its next round meanwhile. */
    private static final int LONG = 1000;

    /** What a holder does with the sender after it has answered. */
    @FunctionalInterface
    private interface Sloppiness {
        void afterSend(Sender<Integer> sender);
    }

    /** The value was sent, then something else in the try block threw. */
    @Test
    void aCatchThatCallsFailAfterSendSucceeded() {
        assertThat(harmedBy(sender -> sender.fail(new IllegalStateException("the log is full"))))
                .isZero();
    }

    /** The drop was meant for the paths that do not send. */
    @Test
    void aFinallyBlockThatDrops() {
        assertThat(harmedBy(Sender::drop)).isZero();
    }

    /** The faster answer ends the round, the slower one answers a question that nobody asked. */
    @Test
    void twoServersThatWereGivenOneSender() {
        Receiver<Integer> receiver = new Receiver<>();
        int harmed = 0;
        try (SecondThread<Void> first = new SecondThread<>();
                SecondThread<Void> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(ROUNDS, MILLIS);
            for (int i = 0; limit.allows(i); i++) {
                int question = i;
                Sender<Integer> shared = receiver.sender();
                first.start(() -> answer(shared, question));
                second.start(() -> answer(shared, question));
                require(awaitValue(receiver) == question, "the answer to this question", i);
                harmed += isHarmed(receiver, -1 - i, first, second) ? 1 : 0;
                first.join();
                second.join();
                receiver.abandon();
            }
        }
        assertThat(harmed).isZero();
    }

    private static Void answer(Sender<Integer> shared, int question) {
        jitter(LONG);
        return ignoringMisuse(() -> shared.send(question));
    }

    /** Runs rounds with such a holder, each followed by an innocent round. Returns how many of those were harmed. */
    private static int harmedBy(Sloppiness sloppiness) {
        Receiver<Integer> receiver = new Receiver<>();
        int harmed = 0;
        try (SecondThread<Void> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(ROUNDS, MILLIS);
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sloppy = receiver.sender();
                second.start(() -> {
                    require(sloppy.send(round), "the value was handed over", round);
                    jitter(LONG);
                    return ignoringMisuse(() -> sloppiness.afterSend(sloppy));
                });
                require(awaitValue(receiver) == round, "the value of this round", i);
                harmed += isHarmed(receiver, -1 - i, second) ? 1 : 0;
                second.join();
                receiver.abandon();
            }
        }
        return harmed;
    }

    /**
     * Begins a round whose holder is careful, and returns whether it does not get its own value. Every other round
     * stays open until the sloppy holders have finished.
     */
    private static boolean isHarmed(Receiver<Integer> receiver, int value, SecondThread<?>... sloppy) {
        Sender<Integer> innocent = receiver.sender();
        jitter();
        for (int i = 0; i < sloppy.length && value % 2 == 0; i++) {
            sloppy[i].awaitIdle();
        }
        try {
            return !innocent.send(value) || receiver.take() != value;
        } catch (IllegalStateException | ReceiveException harmed) {
            return true;
        }
    }

    /** The misuse throws, and the sloppy program does not care. */
    private static Void ignoringMisuse(Runnable use) {
        try {
            use.run();
        } catch (IllegalStateException alreadyConsumed) {
            assertThat(alreadyConsumed).hasMessageStartingWith("sender already consumed");
        }
        return null;
    }

    private static int awaitValue(Receiver<Integer> receiver) {
        SecondThread.Backoff backoff = new SecondThread.Backoff();
        Integer value = receiver.tryReceive();
        while (value == null) {
            backoff.once("the value does not come");
            value = receiver.tryReceive();
        }
        return value;
    }
}
