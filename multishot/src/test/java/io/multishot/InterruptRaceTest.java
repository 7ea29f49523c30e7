package io.multishot;

import static io.multishot.SecondThread.jitter;
import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Receiving calls that are interrupted while the outcome is being sent. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class InterruptRaceTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final RuntimeException CAUSE = new RuntimeException("broken");

    /** One of the receiving calls. */
    private interface Call {
        Integer receive(Receiver<Integer> receiver) throws InterruptedException, TimeoutException;
    }

    @AfterEach
    void leaveNoInterruptBehind() {
        Thread.interrupted();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void receiveGivesTheOutcomeOrReportsTheInterrupt(Level level) throws Exception {
        race(level, Receiver::receive, true);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void aTimedReceiveGivesTheOutcomeOrReportsTheInterrupt(Level level) throws Exception {
        race(level, receiver -> receiver.receive(HOUR), true);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void anUninterruptibleReceiveGivesTheOutcomeAndLeavesTheInterrupt(Level level) throws Exception {
        race(level, Receiver::receiveUninterruptibly, false);
    }

    /**
     * Each round has one interrupt and one outcome, close together. Each interrupt must be reported exactly once, by
     * the exception or by the flag, and this call or the next must return the outcome.
     */
    private static void race(Level level, Call call, boolean interruptible) throws Exception {
        Receiver<Integer> receiver = level.receiver();
        Thread receiving = Thread.currentThread();
        AtomicInteger reports = new AtomicInteger();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(10_000);
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> {
                    jitter((round & 4) == 0 ? 8 : 400);
                    if ((round & 1) == 0) {
                        boolean handedOver = use(sender, round);
                        receiving.interrupt();
                        return handedOver;
                    }
                    int before = reports.get();
                    receiving.interrupt();
                    if (interruptible && round % 16 == 1) {
                        awaitOneMoreThan(before, reports);
                    } else {
                        jitter((round & 2) == 0 ? 8 : 200);
                    }
                    return use(sender, round);
                });
                boolean reported = false;
                Object outcome;
                try {
                    outcome = outcome(call, receiver);
                } catch (InterruptedException interrupted) {
                    require(!receiving.isInterrupted(), "the flag is clear after the exception", i);
                    reported = true;
                    reports.incrementAndGet();
                    outcome = outcome(Receiver::receive, receiver);
                }
                require(second.join(), "handed over", i);
                require(Thread.interrupted() != reported, "the interrupt is reported once", i);
                require(outcome.equals(expected(round)), "got " + outcome, i);
                require(receiver.poll(() -> {}) == Poll.DROPPED, "the round is over", i);
            }
            assertThat(reports.get())
                    .as("both occurred")
                    .isBetween(interruptible ? 1 : 0, interruptible ? limit.rounds() - 1 : 0);
        }
    }

    /** The outcome and the interrupt must both come between two instructions, so there are many short rounds. */
    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void anOutcomeThatWasThereBeforeTheInterruptIsReturned(Level level) throws Exception {
        Receiver<Integer> receiver = level.receiver();
        Thread receiving = Thread.currentThread();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(level == Level.RECYCLING ? 200_000 : 50_000);
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> {
                    boolean handedOver = sender.send(round);
                    receiving.interrupt();
                    return handedOver;
                });
                jitter((round & 1) == 0 ? 32 : 256);
                assertThat(receiver.receive()).isEqualTo(round);
                require(second.join(), "handed over", i);
                require(Thread.interrupted(), "the interrupt is not lost", i);
            }
        }
    }

    /** Makes sure that the exception also occurs on a busy machine. */
    private static void awaitOneMoreThan(int before, AtomicInteger reports) {
        SecondThread.Backoff backoff = new SecondThread.Backoff();
        while (reports.get() == before) {
            backoff.once("the interrupt is not reported");
        }
    }

    private static boolean use(Sender<Integer> sender, int round) {
        return round % 5 == 4 ? sender.fail(CAUSE) : sender.send(round);
    }

    private static Object expected(int round) {
        return round % 5 == 4 ? CAUSE : round;
    }

    private static Object outcome(Call call, Receiver<Integer> receiver) throws InterruptedException, TimeoutException {
        try {
            return call.receive(receiver);
        } catch (SenderFailedException failed) {
            return failed.getCause();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void interruptsTimeoutsAndValuesAreNeitherLostNorDuplicated(Level level) {
        Receiver<Integer> receiver = level.receiver();
        Thread receiving = Thread.currentThread();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(4_000);
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> {
                    jitter(100);
                    receiving.interrupt();
                    jitter(100);
                    return sender.send(round);
                });
                int reports = 0;
                Integer value = null;
                while (value == null) {
                    try {
                        int nanos = ThreadLocalRandom.current().nextInt(2_000);
                        value = receiver.receive(Duration.ofNanos(nanos));
                    } catch (InterruptedException interrupted) {
                        reports++;
                    } catch (TimeoutException timeout) {
                        // try again
                    }
                }
                require(second.join(), "handed over", i);
                require(reports + (Thread.interrupted() ? 1 : 0) == 1, "the interrupt is reported once", i);
                require(value == round, "received " + value, i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptOfAParkedThreadWithdrawsItsWaiter(Level level) throws Exception {
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> sender = receiver.sender();
        Thread receiving = Thread.currentThread();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (Call call : new Call[] {Receiver::receive, r -> r.receive(HOUR)}) {
                second.start(() -> {
                    SecondThread.Backoff backoff = new SecondThread.Backoff();
                    while (receiving.getState() == Thread.State.RUNNABLE) {
                        backoff.once("the receiver does not park");
                    }
                    receiving.interrupt();
                    return true;
                });
                assertThatThrownBy(() -> call.receive(receiver)).isInstanceOf(InterruptedException.class);
                second.join();
                assertThat(Thread.interrupted()).isFalse();
                assertThat(sender).hasToString("Sender[live]");
            }
        }
        assertThat(sender.send(3)).isTrue();
        assertThat(receiver.receive()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptBeforeAnUninterruptibleReceiveWaitsForTheOutcome(Level level) {
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> sender = receiver.sender();
        Thread receiving = Thread.currentThread();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            second.start(() -> {
                SecondThread.Backoff backoff = new SecondThread.Backoff();
                while (receiving.getState() == Thread.State.RUNNABLE) {
                    backoff.once("the receiver does not park");
                }
                return sender.send(5);
            });
            receiving.interrupt();
            assertThat(receiver.receiveUninterruptibly()).isEqualTo(5);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(second.join()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyNumberOfInterruptsDoNotEndAnUninterruptibleReceive(Level level) {
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> sender = receiver.sender();
        Thread receiving = Thread.currentThread();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            second.start(() -> {
                for (int i = 0; i < 500; i++) {
                    receiving.interrupt();
                    jitter(400);
                }
                return sender.send(4);
            });
            assertThat(receiver.receiveUninterruptibly()).isEqualTo(4);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(second.join()).isTrue();
        }
    }
}
