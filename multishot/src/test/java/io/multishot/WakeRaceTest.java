package io.multishot;

import static io.multishot.SecondThread.jitter;
import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No wake-up is lost, and none goes to the wrong waker. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class WakeRaceTest {
    /**
     * A task that clears its flag, polls, and parks until one of its wakers has set the flag. Clearing the flag and
     * polling is one half of a Dekker pair; the sender's exchange and setting the flag is the other.
     */
    private static final class Sleeper {
        private final Thread thread = Thread.currentThread();
        private volatile boolean woken;

        void wake() {
            woken = true;
            LockSupport.unpark(thread);
        }

        Poll await(Receiver<?> receiver, Supplier<Waker> wakers, int round) {
            while (true) {
                woken = false;
                Poll poll = receiver.poll(wakers.get());
                if (poll != Poll.PENDING) {
                    return poll;
                }
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (!woken) {
                    LockSupport.parkNanos(this, deadline - System.nanoTime());
                    require(woken || System.nanoTime() - deadline < 0, "a wake-up was lost", round);
                }
            }
        }
    }

    /** Uses each sender as soon as it is posted. The receiver does not wait for it, so its wake-ups may come late. */
    private static final class Postbox implements AutoCloseable {
        private final AtomicReference<Sender<Integer>> post = new AtomicReference<>();
        private final SecondThread<Boolean> second = new SecondThread<>();
        private volatile boolean closed;

        Postbox() {
            second.start(this::serve);
        }

        private boolean serve() {
            int round = 0;
            while (!closed) {
                Sender<Integer> sender = post.get();
                if (sender == null) {
                    Thread.onSpinWait();
                    continue;
                }
                post.set(null);
                jitter((round & 7) == 0 ? 400 : 8);
                require(sender.send(round), "handed over", round);
                round++;
            }
            return true;
        }

        void post(Sender<Integer> sender) {
            require(post.getAndSet(sender) == null, "the sender before is used", -1);
        }

        @Override
        public void close() {
            closed = true;
            second.join();
            second.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void aTaskWithOneWakerMissesNoWakeUp(Level level) {
        Sleeper sleeper = new Sleeper();
        Waker waker = sleeper::wake;
        sleepThroughRounds(level, sleeper, () -> waker);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void aTaskWithANewWakerForEachPollMissesNoWakeUp(Level level) {
        Sleeper sleeper = new Sleeper();
        sleepThroughRounds(level, sleeper, () -> sleeper::wake);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void aTaskThatAlternatesBetweenTwoWakersMissesNoWakeUp(Level level) {
        Sleeper sleeper = new Sleeper();
        Waker[] wakers = {sleeper::wake, sleeper::wake};
        int[] polls = {0};
        sleepThroughRounds(level, sleeper, () -> wakers[polls[0]++ & 1]);
    }

    private static void sleepThroughRounds(Level level, Sleeper sleeper, Supplier<Waker> wakers) {
        Receiver<Integer> receiver = level.receiver();
        try (Postbox postbox = new Postbox()) {
            RoundLimit limit = new RoundLimit(60_000);
            for (int i = 0; limit.allows(i); i++) {
                postbox.post(receiver.sender());
                if ((i & 3) == 0) {
                    jitter(16);
                }
                require(sleeper.await(receiver, wakers, i) == Poll.READY, "ready", i);
                require(receiver.take() == i, "the value of this round", i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void lateWakeUpsAreNoMoreThanRegistrations(Level level) {
        Receiver<Integer> receiver = level.receiver();
        CountingWaker waker = new CountingWaker();
        int registrations = 0;
        try (Postbox postbox = new Postbox()) {
            RoundLimit limit = new RoundLimit(400_000);
            for (int i = 0; limit.allows(i); i++) {
                postbox.post(receiver.sender());
                Poll poll = receiver.poll(waker);
                if (poll == Poll.PENDING) {
                    registrations++;
                }
                SecondThread.Backoff backoff = new SecondThread.Backoff();
                while (poll == Poll.PENDING) {
                    backoff.once("the value does not come");
                    poll = receiver.poll(waker);
                }
                require(poll == Poll.READY && receiver.take() == i, "the value of this round", i);
            }
        }
        assertThat(waker.count()).isEqualTo(registrations);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void onlyTheWakerRegisteredLastIsCalled(Level level) {
        Receiver<Integer> receiver = level.receiver();
        CountingWaker[] wakers = {new CountingWaker(), new CountingWaker(), new CountingWaker(), new CountingWaker()};
        int[] lastRegistered = new int[wakers.length + 1];
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(500_000);
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> sender.send(round));
                jitter();
                int last = -1;
                for (int next = 0; next < wakers.length && last == next - 1; next++) {
                    if (round % 32 == next) {
                        second.awaitIdle(); // makes each the last in some rounds, even on a busy machine
                    }
                    last = receiver.poll(wakers[next]) == Poll.PENDING ? next : last;
                }
                require(second.join() && receiver.poll(wakers[0]) == Poll.READY, "sent", i);
                require(receiver.take() == round, "the value of this round", i);
                for (int w = 0; w < wakers.length; w++) {
                    int count = wakers[w].takeCount();
                    require(count == (w == last ? 1 : 0), "waker " + w + " of " + last + ": " + count + " calls", i);
                }
                lastRegistered[last + 1]++;
            }
        }
        assertThat(lastRegistered)
                .as("each of the wakers, and none, was the last")
                .doesNotContain(0);
    }

    @ParameterizedTest
    @EnumSource
    void aWokenWakerFindsTheOutcome(Level level) {
        Receiver<Integer> receiver = level.receiver();
        boolean[] found = {false};
        Waker waker = new Waker() {
            @Override
            public void wake() {
                found[0] = receiver.poll(this) == Poll.READY;
            }
        };
        for (int i = 0; i < 100; i++) {
            Sender<Integer> sender = receiver.sender();
            assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
            found[0] = false;
            assertThat(sender.send(i)).isTrue();
            assertThat(found[0]).isTrue();
            assertThat(receiver.take()).isEqualTo(i);
        }
    }

    /** The waker ends the round and begins the next on the sender's thread, before send returns. */
    @ParameterizedTest
    @EnumSource
    void aWakerMayEndTheRoundAndBeginTheNextInsideSend(Level level) {
        Receiver<Integer> receiver = level.receiver();
        AtomicReference<Sender<Integer>> next = new AtomicReference<>(receiver.sender());
        Waker waker = new Waker() {
            @Override
            public void wake() {
                receiver.take();
                next.set(receiver.sender());
                require(receiver.poll(this) == Poll.PENDING, "a fresh round", -1);
            }
        };
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        for (int i = 0; i < 1000; i++) {
            assertThat(next.getAndSet(null).send(i)).isTrue();
        }
        assertThat(receiver.abandon()).isTrue();
    }
}
