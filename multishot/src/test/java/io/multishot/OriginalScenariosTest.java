package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The scenarios of the original crate's own tests, under their names. The {@code multishot_loom_…} ones run here on
 * real threads, many times; that every interleaving is right is not theirs to show.
 */
class OriginalScenariosTest {
    private static final int RACES = 2_000;

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

    @RepeatedTest(2)
    void multishotLoomSendNotify() throws Exception {
        racesNotification(SEND, Poll.READY);
    }

    @RepeatedTest(2)
    void multishotLoomDropNotify() throws Exception {
        racesNotification(DROP, Poll.DROPPED);
    }

    @RepeatedTest(2)
    void multishotLoomSendChangeWaker() throws Exception {
        racesChangeOfWaker(SEND, Poll.READY);
    }

    @RepeatedTest(2)
    void multishotLoomDropChangeWaker() throws Exception {
        racesChangeOfWaker(DROP, Poll.DROPPED);
    }

    @RepeatedTest(2)
    void multishotLoomSendRecycle() throws Exception {
        racesRecycling(SEND);
    }

    @RepeatedTest(2)
    void multishotLoomDropRecycle() throws Exception {
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

    private static void racesNotification(Consumer<Sender<Integer>> use, Poll expected) throws Exception {
        try (Duo duo = new Duo()) {
            for (int i = 0; i < RACES; i++) {
                CountingWaker waker = new CountingWaker();
                Receiver<Integer> receiver = new Receiver<>();
                Sender<Integer> sender = receiver.sender();
                AtomicBoolean used = new AtomicBoolean();
                duo.race(
                        () -> {
                            use.accept(sender);
                            used.set(true);
                            return null;
                        },
                        () -> {
                            Poll poll = receiver.poll(waker);
                            if (poll == Poll.PENDING) {
                                boolean usedBefore = used.get();
                                int wakes = waker.takeCount();
                                if (wakes == 0) {
                                    assertThat(usedBefore)
                                            .as("used, but nobody woken")
                                            .isFalse();
                                } else {
                                    assertThat(wakes).isEqualTo(1);
                                    assertThat(receiver.poll(waker)).isEqualTo(expected);
                                    assertThat(waker.takeCount()).isZero();
                                }
                            } else {
                                assertThat(poll).isEqualTo(expected);
                            }
                            return null;
                        });
                checkOutcome(receiver, expected);
            }
        }
    }

    private static void racesChangeOfWaker(Consumer<Sender<Integer>> use, Poll expected) throws Exception {
        try (Duo duo = new Duo()) {
            for (int i = 0; i < RACES; i++) {
                CountingWaker first = new CountingWaker();
                CountingWaker second = new CountingWaker();
                Receiver<Integer> receiver = new Receiver<>();
                Sender<Integer> sender = receiver.sender();
                duo.race(
                        () -> {
                            use.accept(sender);
                            return null;
                        },
                        () -> completes(receiver, first, second, expected)
                                || completes(receiver, second, first, expected)
                                || completes(receiver, first, second, expected));
                checkOutcome(receiver, expected);
            }
        }
    }

    /** Polls with a waker while another one may be registered. True if the round has its outcome. */
    private static boolean completes(
            Receiver<Integer> receiver, CountingWaker waker, CountingWaker other, Poll expected) {
        Poll poll = receiver.poll(waker);
        if (poll != Poll.PENDING) {
            assertThat(poll).isEqualTo(expected);
            return true;
        }
        assertThat(other.takeCount()).as("calls of the replaced waker").isZero();
        int wakes = waker.takeCount();
        if (wakes == 0) {
            return false;
        }
        assertThat(wakes).isEqualTo(1);
        assertThat(receiver.poll(other)).isEqualTo(expected);
        assertThat(waker.takeCount()).isZero();
        assertThat(other.takeCount()).isZero();
        return true;
    }

    private static void racesRecycling(Consumer<Sender<Integer>> use) throws Exception {
        try (Duo duo = new Duo()) {
            for (int i = 0; i < RACES; i++) {
                CountingWaker waker = new CountingWaker();
                Receiver<Integer> receiver = new Receiver<>();
                Sender<Integer> sender = receiver.sender();
                Sender<Integer> recycled = duo.race(
                                () -> {
                                    use.accept(sender);
                                    return null;
                                },
                                () -> receiver.poll(waker) == Poll.PENDING && receiver.poll(waker) == Poll.PENDING
                                        ? null
                                        : receiver.sender())
                        .second();
                if (recycled != null) {
                    duo.race(() -> recycled.send(13), () -> {
                        Poll poll = receiver.poll(waker);
                        assertThat(poll).isIn(Poll.PENDING, Poll.READY);
                        return null;
                    });
                    assertThat(receiver.take()).isEqualTo(13);
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
