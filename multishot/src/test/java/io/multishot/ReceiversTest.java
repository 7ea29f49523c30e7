package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Receivers} on one thread: outcomes, no round, null, closed, interrupted, timed out. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiversTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Waker ANY = () -> {};

    /** The four calls. Those that return nothing return -1 here. */
    private enum Call {
        ANY(Receivers::awaitAny),
        ANY_TIMED(list -> Receivers.awaitAny(list, DAY)),
        ALL(list -> {
            Receivers.awaitAll(list);
            return -1;
        }),
        ALL_TIMED(list -> {
            Receivers.awaitAll(list, DAY);
            return -1;
        });

        final Body of;

        Call(Body of) {
            this.of = of;
        }
    }

    private interface Body {
        int call(List<? extends Receiver<?>> receivers) throws Exception;
    }

    @AfterEach
    void clearTheInterruptFlag() {
        Thread.interrupted();
    }

    private static List<Receiver<String>> receivers(Level level, int count) {
        List<Receiver<String>> receivers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            receivers.add(level.receiver());
        }
        return receivers;
    }

    private static void assertNoWaiter(Receiver<?> receiver) {
        assertThat(receiver).hasToString("Receiver[a sender is live]");
    }

    @ParameterizedTest
    @EnumSource
    void anyFindsAnOutcomeOfAnyKindAndTakesNothing(Level level) throws Exception {
        List<Receiver<String>> receivers = receivers(level, 3);
        for (int ready = 0; ready < 3; ready++) {
            List<Sender<String>> senders =
                    receivers.stream().map(Receiver::sender).toList();
            switch (ready) {
                case 0 -> senders.get(ready).send("value");
                case 1 -> senders.get(ready).fail(new Exception());
                default -> senders.get(ready).drop();
            }
            for (int again = 0; again < 20; again++) {
                assertThat(Receivers.awaitAny(receivers)).isEqualTo(ready);
                assertThat(Receivers.awaitAny(receivers, Duration.ZERO)).isEqualTo(ready);
            }
            assertThat(receivers.get(ready).poll(ANY)).isEqualTo(Poll.values()[ready + 1]);
            receivers.forEach(Receiver::abandon);
        }
    }

    @ParameterizedTest
    @EnumSource
    void allReturnsWhenEachRoundHasItsOutcomeAndTakesNothing(Level level) throws Exception {
        List<Receiver<String>> receivers = receivers(level, 4);
        receivers.get(0).sender().send("value");
        receivers.get(2).sender().fail(new Exception());
        receivers.get(3).sender().drop();
        Receivers.awaitAll(receivers);
        Receivers.awaitAll(receivers, Duration.ZERO);
        assertThat(receivers.stream().map(receiver -> receiver.poll(ANY)))
                .containsExactly(Poll.READY, Poll.DROPPED, Poll.FAILED, Poll.DROPPED);
        assertThat(receivers.get(0).take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void aReceiverWithoutARoundIsSkippedAndAnOutcomeCountsUntilItIsTaken(Level level) throws Exception {
        List<Receiver<String>> receivers = receivers(level, 3);
        for (Call call : Call.values()) {
            receivers.get(1).sender().send("taken");
            assertThat(call.of.call(receivers)).isIn(1, -1);
            receivers.get(1).take();
            receivers.get(2).sender().drop();
            assertThat(call.of.call(receivers)).isIn(2, -1);
            assertThatThrownBy(receivers.get(2)::take).isInstanceOf(SenderDroppedException.class);
            assertThatThrownBy(() -> call.of.call(receivers))
                    .as(call.name())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("no value will come: no round is in progress on any");
        }
        receivers.get(0).sender();
        receivers.get(0).abandon();
        assertThatThrownBy(() -> Receivers.awaitAny(receivers)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource
    void invalidArgumentsAreRefusedAndChangeNothing(Level level) throws Exception {
        for (Call call : Call.values()) {
            List<Receiver<String>> receivers = receivers(level, 2);
            List<Sender<String>> senders =
                    receivers.stream().map(Receiver::sender).toList();
            assertThatThrownBy(() -> call.of.call(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> call.of.call(List.of())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> call.of.call(new LinkedList<>())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> call.of.call(Arrays.asList(receivers.get(0), null)))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("receiver");
            senders.get(0).send("value"); // an outcome hides no misuse
            receivers.get(1).close();
            assertThatThrownBy(() -> call.of.call(receivers))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            receivers.set(1, level.receiver());
            Sender<String> owned = receivers.get(1).sender();
            CompletableFuture<String> future = receivers.get(1).receiveAsync();
            assertThatThrownBy(() -> call.of.call(receivers))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("future");
            future.cancel(false);
            owned.send("kept");
            assertThat(call.of.call(receivers)).isLessThan(2);
            assertThat(receivers.get(0).take() + receivers.get(1).take()).isEqualTo("valuekept");
        }
        List<Receiver<String>> receivers = receivers(level, 1);
        assertThatThrownBy(() -> Receivers.awaitAny(receivers, null)).hasMessage("timeout");
        assertThatThrownBy(() -> Receivers.awaitAll(receivers, null)).hasMessage("timeout");
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutLosesNothingAndLeavesNoWaiter(Level level) throws Exception {
        List<Receiver<String>> receivers = receivers(level, 3);
        List<Sender<String>> senders = receivers.stream().map(Receiver::sender).toList();
        CountingWaker replaced = new CountingWaker();
        for (Duration timeout :
                List.of(Duration.ZERO, Duration.ofSeconds(Long.MIN_VALUE), Duration.ofNanos(1), Duration.ofMillis(3))) {
            receivers.forEach(receiver -> assertThat(receiver.poll(replaced)).isEqualTo(Poll.PENDING));
            assertThatThrownBy(() -> Receivers.awaitAny(receivers, timeout))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("within " + timeout);
            receivers.forEach(ReceiversTest::assertNoWaiter);
            assertThatThrownBy(() -> Receivers.awaitAll(receivers, timeout)).isInstanceOf(TimeoutException.class);
            receivers.forEach(ReceiversTest::assertNoWaiter);
        }
        senders.get(0).send("value");
        assertThatThrownBy(() -> Receivers.awaitAll(receivers, Duration.ofMillis(3)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("not all outcomes");
        assertNoWaiter(receivers.get(1));
        assertThat(Receivers.awaitAny(receivers)).isZero();
        assertNoWaiter(receivers.get(2));
        assertThat(replaced.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptLosesNothingAndAnOutcomeThatIsThereWins(Level level) throws Exception {
        for (Call call : Call.values()) {
            List<Receiver<String>> receivers = receivers(level, 3);
            List<Sender<String>> senders =
                    receivers.stream().map(Receiver::sender).toList();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> call.of.call(receivers)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            receivers.forEach(ReceiversTest::assertNoWaiter);
            senders.forEach(sender -> sender.send("value"));
            Thread.currentThread().interrupt();
            assertThat(call.of.call(receivers)).isLessThan(3);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterwardsEachReceiverCanBeWaitedForInAnyWay(Level level) throws Exception {
        List<Receiver<String>> receivers = receivers(level, 3);
        List<Sender<String>> senders = receivers.stream().map(Receiver::sender).toList();
        assertThatThrownBy(() -> Receivers.awaitAny(receivers, Duration.ofMillis(1)))
                .isInstanceOf(TimeoutException.class);
        CountingWaker waker = new CountingWaker();
        assertThat(receivers.get(0).poll(waker)).isEqualTo(Poll.PENDING);
        CompletableFuture<String> future = receivers.get(1).receiveAsync();
        senders.forEach(sender -> sender.send("value"));
        assertThat(waker.count()).isEqualTo(1);
        assertThat(future).isCompletedWithValue("value");
        assertThat(receivers.get(2).receive()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void aReceiverMayBeListedTwice(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        List<Receiver<String>> twice = List.of(receiver, receiver);
        assertThatThrownBy(() -> Receivers.awaitAny(twice, Duration.ofMillis(1)))
                .isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> Receivers.awaitAll(twice, Duration.ofMillis(1)))
                .isInstanceOf(TimeoutException.class);
        assertNoWaiter(receiver);
        sender.send("value");
        assertThat(Receivers.awaitAny(twice)).isBetween(0, 1);
        Receivers.awaitAll(twice);
        assertThat(receiver.take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void aBusyLowIndexDoesNotStarveTheOthers(Level level) throws Exception {
        List<Receiver<String>> receivers = receivers(level, 3);
        receivers.forEach(receiver -> receiver.sender().send("value"));
        int[] served = new int[3];
        for (int i = 0; i < 3_000; i++) {
            int ready = Receivers.awaitAny(receivers);
            receivers.get(ready).take();
            receivers.get(ready).sender().send("value");
            served[ready]++;
        }
        for (int times : served) {
            assertThat(times).as("each has a chance of one in three").isGreaterThan(500);
        }
    }

    @Test
    void aListWithoutRandomAccessWillDo() throws Exception {
        List<Receiver<String>> receivers = new LinkedList<>(receivers(Level.RECYCLING, 3));
        receivers.get(2).sender().send("value");
        assertThat(Receivers.awaitAny(receivers)).isEqualTo(2);
        Receivers.awaitAll(receivers, Duration.ZERO);
    }

    /** A list that throws at the n-th read. */
    private static final class FailingList extends AbstractList<Receiver<String>> implements RandomAccess {
        private final List<Receiver<String>> all;
        private int reads;

        FailingList(List<Receiver<String>> all, int reads) {
            this.all = all;
            this.reads = reads;
        }

        @Override
        public Receiver<String> get(int index) {
            if (reads-- <= 0) {
                throw new UnsupportedOperationException("on purpose");
            }
            return all.get(index);
        }

        @Override
        public int size() {
            return all.size();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListThatThrowsBreaksNoReceiver(Level level) throws Exception {
        List<Receiver<String>> receivers = receivers(level, 3);
        for (int reads = 0; reads < 10; reads++) {
            List<Sender<String>> senders =
                    receivers.stream().map(Receiver::sender).toList();
            List<Receiver<String>> failing = new FailingList(receivers, reads);
            assertThatThrownBy(() -> Receivers.awaitAny(failing, Duration.ofNanos(1)))
                    .isInstanceOfAny(UnsupportedOperationException.class, TimeoutException.class);
            List<Receiver<String>> another = new FailingList(receivers, reads);
            assertThatThrownBy(() -> Receivers.awaitAll(another, Duration.ofNanos(1)))
                    .isInstanceOfAny(UnsupportedOperationException.class, TimeoutException.class);
            CountingWaker waker = new CountingWaker();
            receivers.forEach(receiver -> assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING));
            senders.forEach(sender -> assertThat(sender.send("value")).isTrue());
            assertThat(waker.count()).isEqualTo(3);
            receivers.forEach(
                    receiver -> assertThatCode(receiver::receive).as("usable").doesNotThrowAnyException());
        }
    }

    /**
     * One outcome comes each 0.75 times the timeout, so no single wait ever takes longer than it; all of them would
     * take 37 times as long.
     */
    @ParameterizedTest
    @EnumSource
    void theTimeoutOfAllIsForAllTogether(Level level) throws Exception {
        List<Receiver<String>> receivers = receivers(level, 50);
        List<Sender<String>> senders = receivers.stream().map(Receiver::sender).toList();
        CountDownLatch returned = new CountDownLatch(1);
        try (SecondThread<Integer> sending = new SecondThread<>()) {
            sending.start(() -> {
                int sent = 0;
                while (sent < senders.size() && !returned.await(75, TimeUnit.MILLISECONDS)) {
                    senders.get(sent++).send("value");
                }
                return sent;
            });
            assertThatThrownBy(() -> Receivers.awaitAll(receivers, Duration.ofMillis(100)))
                    .isInstanceOf(TimeoutException.class);
            returned.countDown();
            assertThat(sending.join()).isLessThan(senders.size());
        }
    }
}
