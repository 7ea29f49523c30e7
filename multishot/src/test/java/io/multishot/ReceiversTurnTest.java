package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What comes at one certain moment of a wait for many. A list that acts when it is read makes the moment on one thread.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiversTurnTest {
    private static final Duration DAY = Duration.ofDays(1);

    /** Calls the action once, when it is read and a thread is registered in one of its receivers. */
    private static final class Acting extends AbstractList<Receiver<String>> implements RandomAccess {
        private final List<Receiver<String>> receivers;
        private final Runnable action;
        private boolean acted;

        Acting(List<Receiver<String>> receivers, Runnable action) {
            this.receivers = receivers;
            this.action = action;
        }

        @Override
        public Receiver<String> get(int index) {
            if (!acted && receivers.stream().anyMatch(ReceiversTurnTest::isWaited)) {
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

    @AfterEach
    void clearTheInterruptFlag() {
        Thread.interrupted();
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeThatComesWhileTheThreadRegistersIsFoundWhereverItIs(Level level) throws Exception {
        for (int round = 0; round < 64; round++) { // each walk begins at random
            Receiver<String> one = level.receiver();
            Receiver<String> other = level.receiver();
            Sender<String> first = one.sender();
            Sender<String> second = other.sender();
            // whoever is not registered yet gets its outcome
            List<Receiver<String>> acting =
                    new Acting(List.of(one, other), () -> (isWaited(one) ? second : first).send("value"));
            int found = Receivers.awaitAny(acting);
            assertThat(acting.get(found).tryReceive()).isEqualTo("value");
            assertThat(acting.get(1 - found)).hasToString("Receiver[a sender is live]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeThatBeatsTheWithdrawalOfAnInterruptedThreadWinsAndTheFlagIsSet(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        Thread.currentThread().interrupt();
        assertThat(Receivers.awaitAny(new Acting(List.of(receiver), () -> sender.send("value"))))
                .isZero();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(receiver.tryReceive()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeThatBeatsTheWithdrawalOfALateThreadWinsAndSetsNoFlag(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThat(Receivers.awaitAny(new Acting(List.of(receiver), () -> sender.send("value")), Duration.ZERO))
                .isZero();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(receiver.tryReceive()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadThatFindsNothingThrowsAndTheFlagIsCleared(Level level) {
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
    void aTimeoutThatIsNotOverIsWaitedFor(Level level) throws Exception {
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

    /** Once the thread does not only wait, but is parked. */
    private static boolean sendOnceParked(Thread waiting, Receiver<String> receiver, Sender<String> sender) {
        SecondThread.Backoff backoff = new SecondThread.Backoff();
        while (!isWaited(receiver) || waiting.getState() != Thread.State.TIMED_WAITING) {
            backoff.once("nobody is parked");
        }
        return sender.send("value");
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeThatIsThereAtOnceLeavesTheWakersOfTheOthersWhereTheyAre(Level level) throws Exception {
        for (int round = 0; round < 64; round++) { // each walk begins at random
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
    void allAreLateIfOneIs(Level level) {
        List<Receiver<String>> receivers = List.of(level.receiver(), level.receiver());
        assertThat(receivers.get(0).sender().send("value")).isTrue();
        assertThat(receivers.get(1).sender()).isNotNull();
        assertThatThrownBy(() -> Receivers.awaitAll(receivers, Duration.ofNanos(1)))
                .isInstanceOf(TimeoutException.class);
        assertThat(receivers.get(0).tryReceive()).isEqualTo("value");
        assertThat(receivers.get(1).abandon()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aWaitingWorkerOfAPoolLeavesItsPlaceToAnother(Level level) throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            Receiver<String> receiver = level.receiver();
            for (Duration timeout : List.of(DAY, Duration.ofSeconds(Long.MAX_VALUE))) {
                Sender<String> sender = receiver.sender();
                Future<Integer> waiting = pool.submit(() -> Receivers.awaitAny(List.of(receiver), timeout));
                Future<Boolean> sending = pool.submit(() -> sender.send("value"));
                assertThat(waiting.get()).isZero();
                assertThat(sending.get()).isTrue();
                assertThat(receiver.take()).isEqualTo("value");
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    @Tag("unchecked") // with assertions it is the other thread that is told
    void whoWaitsForAllIsToldThatAnotherThreadTookItsPlace() throws Exception {
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
}
