package io.multishot;

import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Repeats the scenarios of the Rust crate's own tests under their names. Those that the crate runs in Loom run here on
 * real threads many times; the module verification explores their interleavings.
 */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class CrateScenariosTest {
    private static final int ROUNDS = 20_000;

    private static final Consumer<Sender<Integer>> SEND = sender -> sender.send(42);
    private static final Consumer<Sender<Integer>> DROP = Sender::drop;

    @ParameterizedTest
    @EnumSource
    void multishotSendNotify(Level level) throws Exception {
        notifies(level, SEND, Poll.READY);
    }

    @ParameterizedTest
    @EnumSource
    void multishotDropNotify(Level level) throws Exception {
        notifies(level, DROP, Poll.DROPPED);
    }

    @ParameterizedTest
    @EnumSource
    void multishotSendChangeWaker(Level level) throws Exception {
        changesWaker(level, SEND, Poll.READY);
    }

    @ParameterizedTest
    @EnumSource
    void multishotDropChangeWaker(Level level) throws Exception {
        changesWaker(level, DROP, Poll.DROPPED);
    }

    @Test
    @Tag("race")
    void multishotLoomSendNotify() {
        racesNotification(SEND, Poll.READY);
    }

    @Test
    @Tag("race")
    void multishotLoomDropNotify() {
        racesNotification(DROP, Poll.DROPPED);
    }

    @Test
    @Tag("race")
    void multishotLoomSendChangeWaker() {
        racesChangeOfWaker(SEND, Poll.READY);
    }

    @Test
    @Tag("race")
    void multishotLoomDropChangeWaker() {
        racesChangeOfWaker(DROP, Poll.DROPPED);
    }

    @Test
    @Tag("race")
    void multishotLoomSendRecycle() {
        racesRecycling(SEND);
    }

    @Test
    @Tag("race")
    void multishotLoomDropRecycle() {
        racesRecycling(DROP);
    }

    private static void notifies(Level level, Consumer<Sender<Integer>> use, Poll expected) throws Exception {
        CountingWaker waker = new CountingWaker();
        Receiver<Integer> receiver = level.receiver();

        // consumed before polling
        Sender<Integer> sender = receiver.sender();
        onAnotherThread(() -> use.accept(sender));
        assertThat(receiver.poll(waker)).isEqualTo(expected);
        assertThat(waker.takeCount()).isZero();
        checkOutcome(receiver, expected);

        // consumed after polling
        Sender<Integer> next = receiver.sender();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        onAnotherThread(() -> use.accept(next));
        assertThat(waker.takeCount()).isEqualTo(1);
        assertThat(receiver.poll(waker)).isEqualTo(expected);
        checkOutcome(receiver, expected);
    }

    private static void changesWaker(Level level, Consumer<Sender<Integer>> use, Poll expected) throws Exception {
        CountingWaker first = new CountingWaker();
        CountingWaker second = new CountingWaker();
        CountingWaker third = new CountingWaker();

        // once
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> sender = receiver.sender();
        assertThat(receiver.poll(first)).isEqualTo(Poll.PENDING);
        assertThat(receiver.poll(second)).isEqualTo(Poll.PENDING);
        onAnotherThread(() -> use.accept(sender));
        assertThat(second.takeCount()).isEqualTo(1);
        assertThat(receiver.poll(first)).isEqualTo(expected);
        assertThat(first.takeCount()).isZero();
        assertThat(second.takeCount()).isZero();
        checkOutcome(receiver, expected);

        // twice
        Receiver<Integer> other = level.receiver();
        Sender<Integer> itsSender = other.sender();
        assertThat(other.poll(first)).isEqualTo(Poll.PENDING);
        assertThat(other.poll(second)).isEqualTo(Poll.PENDING);
        assertThat(other.poll(third)).isEqualTo(Poll.PENDING);
        onAnotherThread(() -> use.accept(itsSender));
        assertThat(third.takeCount()).isEqualTo(1);
        assertThat(other.poll(second)).isEqualTo(expected);
        assertThat(first.takeCount()).isZero();
        assertThat(second.takeCount()).isZero();
        checkOutcome(other, expected);
    }

    private static void racesNotification(Consumer<Sender<Integer>> use, Poll expected) {
        RoundLimit limit = new RoundLimit(ROUNDS);
        try (SecondThread<Void> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                CountingWaker waker = new CountingWaker();
                Receiver<Integer> receiver = Receiver.recycling();
                Sender<Integer> sender = receiver.sender();
                AtomicBoolean used = new AtomicBoolean();
                second.start(() -> {
                    use.accept(sender);
                    used.set(true);
                    return null;
                });
                second.pause(i);
                Poll poll = receiver.poll(waker);
                if (poll == Poll.PENDING) {
                    boolean usedBefore = used.get();
                    int wakes = waker.takeCount();
                    if (wakes == 0) {
                        require(!usedBefore, "consumed without a wake-up", i);
                    } else {
                        require(wakes == 1, wakes + " wake-ups", i);
                        require(receiver.poll(waker) == expected, "the outcome is visible once woken", i);
                        require(waker.takeCount() == 0, "one wake-up only", i);
                    }
                } else {
                    require(poll == expected, "found " + poll, i);
                }
                second.join();
                checkOutcome(receiver, expected);
            }
        }
    }

    private static void racesChangeOfWaker(Consumer<Sender<Integer>> use, Poll expected) {
        RoundLimit limit = new RoundLimit(ROUNDS);
        try (SecondThread<Void> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                CountingWaker one = new CountingWaker();
                CountingWaker other = new CountingWaker();
                Receiver<Integer> receiver = Receiver.recycling();
                Sender<Integer> sender = receiver.sender();
                second.start(() -> {
                    use.accept(sender);
                    return null;
                });
                second.pause(i);
                for (int poll = 0; poll < 3; poll++) {
                    boolean even = poll % 2 == 0;
                    if (completes(receiver, even ? one : other, even ? other : one, expected, i)) {
                        break;
                    }
                }
                second.join();
                checkOutcome(receiver, expected);
            }
        }
    }

    /** Polls with a waker while another one may be registered. Returns whether the round has its outcome. */
    private static boolean completes(
            Receiver<Integer> receiver, CountingWaker waker, CountingWaker other, Poll expected, int round) {
        Poll poll = receiver.poll(waker);
        if (poll != Poll.PENDING) {
            require(poll == expected, "found " + poll, round);
            return true;
        }
        require(other.takeCount() == 0, "the replaced waker was woken", round);
        int wakes = waker.takeCount();
        if (wakes == 0) {
            return false;
        }
        require(wakes == 1, wakes + " wake-ups", round);
        require(receiver.poll(other) == expected, "the outcome is visible once woken", round);
        require(waker.takeCount() == 0 && other.takeCount() == 0, "one wake-up only", round);
        return true;
    }

    private static void racesRecycling(Consumer<Sender<Integer>> use) {
        RoundLimit limit = new RoundLimit(ROUNDS);
        try (SecondThread<Void> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                CountingWaker waker = new CountingWaker();
                Receiver<Integer> receiver = Receiver.recycling();
                Sender<Integer> sender = receiver.sender();
                second.start(() -> {
                    use.accept(sender);
                    return null;
                });
                second.pause(i);
                boolean pending = receiver.poll(waker) == Poll.PENDING && receiver.poll(waker) == Poll.PENDING;
                Sender<Integer> recycled = pending ? null : receiver.sender();
                second.join();
                if (recycled != null) {
                    second.start(() -> {
                        recycled.send(13);
                        return null;
                    });
                    second.pause(i);
                    Poll poll = receiver.poll(waker);
                    require(poll == Poll.PENDING || poll == Poll.READY, "found " + poll, i);
                    second.join();
                    require(receiver.take() == 13, "the value of the next round", i);
                }
            }
        }
    }

    private static void checkOutcome(Receiver<Integer> receiver, Poll expected) {
        if (expected == Poll.READY) {
            assertThat(receiver.take()).isEqualTo(42);
        } else {
            assertThatThrownBy(receiver::take).isInstanceOf(SenderDroppedException.class);
        }
    }

    private static void onAnotherThread(Runnable action) throws InterruptedException {
        Thread thread = new Thread(action);
        thread.start();
        thread.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(thread.isAlive()).isFalse();
    }
}
