package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Outcomes that come at one chosen moment of {@link Receivers#awaitAny} and {@link Receivers#awaitAll}. A list that
 * acts when it is read hits the moment without a race. {@link Receivers} would copy such a list, so it is given to what
 * {@code awaitAny} calls.
 */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ReceiversTimingTest {
    private static final Duration DAY = Duration.ofDays(1);

    /** Calls the action once, at the first read while a waiter is registered in one of its receivers. */
    private static final class ActingOnceRegistered extends AbstractList<Receiver<String>> implements RandomAccess {
        private final List<Receiver<String>> receivers;
        private final Runnable action;
        private boolean acted;

        ActingOnceRegistered(List<Receiver<String>> receivers, Runnable action) {
            this.receivers = receivers;
            this.action = action;
        }

        @Override
        public Receiver<String> get(int index) {
            if (!acted && receivers.stream().anyMatch(ReceiversTimingTest::isWaited)) {
                acted = true;
                action.run();
            }
            return receivers.get(index);
        }

        @Override
        public int size() {
            return receivers.size();
        }
    }

    private static boolean isWaited(Receiver<?> receiver) {
        return receiver.toString().equals("Receiver[a sender is live, a waiter is registered]");
    }

    private static int awaitAny(List<? extends Receiver<?>> receivers, int start) throws InterruptedException {
        return ThreadWaiter.await(receivers.get(0), receivers, start, true, false, 0);
    }

    @AfterEach
    void clearTheInterruptFlag() {
        Thread.interrupted();
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeThatComesWhileTheThreadRegistersIsFound(Level level) throws Exception {
        for (int start = 0; start < 2; start++) {
            Receiver<String> one = level.receiver();
            Receiver<String> other = level.receiver();
            Sender<String> first = one.sender();
            Sender<String> second = other.sender();
            // the one without a waiter yet gets its outcome
            List<Receiver<String>> acting =
                    new ActingOnceRegistered(List.of(one, other), () -> (isWaited(one) ? second : first).send("value"));
            int found = awaitAny(acting, start);
            assertThat(acting.get(found).tryReceive()).isEqualTo("value");
            assertThat(acting.get(1 - found)).hasToString("Receiver[a sender is live]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeBeforeTheWithdrawalWinsAgainstAnInterruptAndTheFlagStays(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        Thread.currentThread().interrupt();
        assertThat(awaitAny(new ActingOnceRegistered(List.of(receiver), () -> sender.send("value")), 0))
                .isZero();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(receiver.tryReceive()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeBeforeTheWithdrawalWinsAgainstATimeout(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        List<Receiver<String>> acting = new ActingOnceRegistered(List.of(receiver), () -> sender.send("value"));
        assertThat(ThreadWaiter.await(receiver, acting, 0, true, true, 0)).isZero();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(receiver.tryReceive()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptWithoutAnOutcomeThrowsAndClearsTheFlag(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Receivers.awaitAny(List.of(receiver, receiver)))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(sender).hasToString("Sender[live]");
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeBeforeTheTimeoutIsReturned(Level level) throws Exception {
        List<Receiver<String>> receivers = List.of(level.receiver(), level.receiver());
        List<Sender<String>> senders = receivers.stream().map(Receiver::sender).toList();
        Thread waiting = Thread.currentThread();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            second.start(() -> sendOnceParked(waiting, receivers.get(0), senders.get(0)));
            int found = Receivers.awaitAny(receivers, DAY);
            assertThat(second.join()).isTrue();
            assertThat(found).isZero();
            second.start(() -> sendOnceParked(waiting, receivers.get(1), senders.get(1)));
            Receivers.awaitAll(receivers, DAY);
            assertThat(second.join()).isTrue();
        }
        assertThat(receivers).allMatch(receiver -> receiver.take().equals("value"));
    }

    /** Sends when the thread has not only registered, but parked. */
    private static boolean sendOnceParked(Thread waiting, Receiver<String> receiver, Sender<String> sender) {
        SecondThread.Backoff backoff = new SecondThread.Backoff();
        while (!isWaited(receiver) || waiting.getState() != Thread.State.TIMED_WAITING) {
            backoff.once("the thread does not park");
        }
        return sender.send("value");
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeThatIsThereLeavesTheWakersOfTheOthersRegistered(Level level) throws Exception {
        for (int round = 0; round < 64; round++) { // each pass begins at a random index
            Receiver<String> pending = level.receiver();
            Receiver<String> ready = level.receiver();
            Sender<String> sender = pending.sender();
            CountingWaker waker = new CountingWaker();
            assertThat(pending.poll(waker)).isEqualTo(Poll.PENDING);
            assertThat(ready.sender().send("value")).isTrue();
            assertThat(Receivers.awaitAny(List.of(pending, ready), Duration.ZERO))
                    .isEqualTo(1);
            assertThat(sender.send("later")).isTrue();
            assertThat(waker.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void awaitAllTimesOutIfOneOutcomeIsMissing(Level level) {
        List<Receiver<String>> receivers = List.of(level.receiver(), level.receiver());
        assertThat(receivers.get(0).sender().send("value")).isTrue();
        assertThat(receivers.get(1).sender()).isNotNull();
        assertThatThrownBy(() -> Receivers.awaitAll(receivers, Duration.ofNanos(1)))
                .isInstanceOf(TimeoutException.class);
        assertThat(receivers.get(0).tryReceive()).isEqualTo("value");
        assertThat(receivers.get(1).abandon()).isTrue();
    }

    /**
     * Once both receivers are waited for, the second read sends to the one that was read before, and parks: that uses
     * up the permit of the unpark. So the library must not read the list any more.
     */
    private static final class ParkingWhenRead extends AbstractList<Receiver<String>> implements RandomAccess {
        private final List<Receiver<String>> receivers;
        private final List<Sender<String>> senders;
        private int reads;
        private volatile boolean sent;

        ParkingWhenRead(List<Receiver<String>> receivers) {
            this.receivers = receivers;
            senders = receivers.stream().map(Receiver::sender).toList();
        }

        @Override
        public Receiver<String> get(int index) {
            if (receivers.stream().allMatch(ReceiversTimingTest::isWaited) && ++reads == 2) {
                sent = senders.get(1 - index).send("value");
                LockSupport.parkNanos(1);
            }
            return receivers.get(index);
        }

        @Override
        public int size() {
            return receivers.size();
        }
    }

    private static boolean isParked(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 10, threadMode = SEPARATE_THREAD)
    void aListThatParksWhenReadLosesNoOutcome(Level level) throws Exception {
        ParkingWhenRead parking = new ParkingWhenRead(List.of(level.receiver(), level.receiver()));
        Receiver<String> first = parking.receivers.get(0);
        Thread waiting = Thread.currentThread();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            second.start(() -> {
                SecondThread.Backoff backoff = new SecondThread.Backoff();
                while (!isWaited(first) || !isParked(waiting)) {
                    backoff.once("the thread does not park");
                }
                LockSupport.unpark(waiting); // makes it look for an outcome
                for (int seen = 0; seen < 1000 && !parking.sent; seen = isParked(waiting) ? seen + 1 : 0) {
                    backoff.once("the thread does not park again");
                }
                return !parking.sent && parking.senders.get(0).send("value");
            });
            assertThat(Receivers.awaitAny(parking)).isZero();
            assertThat(second.join()).isTrue();
        }
        assertThat(first.take()).isEqualTo("value");
    }

    @Test
    @Tag("unchecked") // with assertions the other thread gets the exception
    void awaitAllThrowsIfAnotherThreadReplacedItsWaiter() throws Exception {
        Receiver<String> receiver = new Receiver<>();
        Sender<String> sender = receiver.sender();
        Thread waiting = Thread.currentThread();
        try (SecondThread<Poll> second = new SecondThread<>()) {
            second.start(() -> {
                while (!isWaited(receiver)) {
                    Thread.onSpinWait();
                }
                Poll seen = receiver.poll(() -> {});
                LockSupport.unpark(waiting);
                return seen;
            });
            assertThatThrownBy(() -> Receivers.awaitAll(List.of(receiver)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("another thread used this receiver");
            assertThat(second.join()).isEqualTo(Poll.PENDING);
        }
        assertThat(sender.send("value")).isTrue();
    }

    /** Calls the action when it has been read so many times. */
    private static final class ActingAtRead extends AbstractList<Receiver<Integer>> implements RandomAccess {
        private final List<Receiver<Integer>> all;
        private final Callable<Boolean> action;
        private int countdown;

        ActingAtRead(List<Receiver<Integer>> all, int countdown, Callable<Boolean> action) {
            this.all = all;
            this.countdown = countdown;
            this.action = action;
        }

        @Override
        public Receiver<Integer> get(int index) {
            if (countdown-- == 0) {
                try {
                    action.call();
                } catch (Exception impossible) {
                    throw new AssertionError(impossible);
                }
            }
            return all.get(index);
        }

        @Override
        public int size() {
            return all.size();
        }
    }

    /**
     * The value comes when the list is read for the i-th time: in the first pass, in the second, or between them. A
     * value that is missed would leave the call parked.
     */
    @Test
    @Timeout(value = 10, threadMode = SEPARATE_THREAD)
    void anOutcomeIsFoundWheneverItComes() throws InterruptedException {
        List<Receiver<Integer>> receivers = List.of(new Receiver<>(), new Receiver<>(), new Receiver<>());
        Thread waiting = Thread.currentThread();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; i < 200; i++) {
                int index = i % receivers.size();
                List<Sender<Integer>> senders =
                        receivers.stream().map(Receiver::sender).toList();
                Sender<Integer> sender = senders.get(index);
                AtomicBoolean sent = new AtomicBoolean();
                Callable<Boolean> send = () -> sent.compareAndSet(false, true) && sender.send(index);
                second.start(() -> {
                    while (!sent.get() && waiting.getState() != Thread.State.WAITING) {
                        Thread.yield();
                    }
                    return send.call();
                });
                SecondThread.require(
                        awaitAny(new ActingAtRead(receivers, i, send), i % 2) == index, "the one that was sent to", i);
                second.join();
                Reference.reachabilityFence(senders); // in the checked mode an unreachable one is dropped
                SecondThread.require(receivers.get(index).take() == index, "its value", i);
                receivers.forEach(Receiver::abandon);
            }
        }
    }
}
