package io.multishot;

import static io.multishot.SecondThread.jitter;
import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Receivers} against senders on another thread: timed out, interrupted, parked. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ReceiversRaceTest {
    private static final int COUNT = 3;

    private final List<Receiver<Integer>> receivers = new ArrayList<>();

    @AfterEach
    void leaveNoInterruptBehind() {
        Thread.interrupted();
    }

    private void make(Level level) {
        for (int i = 0; i < COUNT; i++) {
            receivers.add(level.receiver());
        }
    }

    private List<Sender<Integer>> begin() {
        List<Sender<Integer>> senders = new ArrayList<>();
        receivers.forEach(receiver -> senders.add(receiver.sender()));
        return senders;
    }

    private int take(int ready, int round) {
        Integer value = receivers.get(ready).tryReceive();
        require(value != null && value == ready, "received " + value + " from " + ready, round);
        return ready;
    }

    private void requireNoWaiters(int round) {
        receivers.forEach(receiver -> require(!receiver.toString().contains("waiter"), receiver + "", round));
    }

    /** Each value is found once, whichever are sent concurrently. */
    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void anyFindsEachOutcomeAsItComes(Level level) throws InterruptedException {
        make(level);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(20_000);
            for (int i = 0; limit.allows(i); i++) {
                List<Sender<Integer>> senders = begin();
                int one = i % COUNT;
                int two = (one + 1 + i / COUNT % 2) % COUNT;
                int pause = (i & 16) == 0 ? 8 : 800;
                second.start(() -> {
                    boolean sent = senders.get(one).send(one);
                    jitter(pause);
                    return sent & senders.get(two).send(two);
                });
                second.pause(i);
                int ready = take(Receivers.awaitAny(receivers), i);
                int next = take(Receivers.awaitAny(receivers), i);
                require(ready + next == one + two && ready != next, ready + " and " + next, i);
                require(second.join(), "handed over", i);
                requireNoWaiters(i);
                require(receivers.get(COUNT - one - two).abandon(), "the third one is live", i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void allWaitsForTheLastOutcomeInAnyOrder(Level level) throws InterruptedException {
        make(level);
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(20_000);
            for (int i = 0; limit.allows(i); i++) {
                List<Sender<Integer>> senders = begin();
                Collections.shuffle(order);
                int pause = (i & 16) == 0 ? 8 : 500;
                second.start(() -> {
                    boolean sent = true;
                    for (int index : order) {
                        sent &= senders.get(index).send(index);
                        jitter(pause);
                    }
                    return sent;
                });
                second.pause(i);
                Receivers.awaitAll(receivers);
                for (int index = 0; index < COUNT; index++) {
                    take(index, i);
                }
                require(second.join(), "handed over", i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void aTimeoutLosesNothingAndLeavesNoWaiter(Level level) throws InterruptedException {
        make(level);
        int late = 0;
        RoundLimit limit = new RoundLimit(10_000);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                List<Sender<Integer>> senders = begin();
                int index = i % COUNT;
                second.start(() -> {
                    jitter(300);
                    return senders.get(index).send(index);
                });
                second.pause(i);
                Duration timeout = Duration.ofNanos(ThreadLocalRandom.current().nextInt(15_000));
                int ready = -1;
                try {
                    if ((i & 1) == 0) {
                        ready = Receivers.awaitAny(receivers, timeout);
                    } else {
                        Receivers.awaitAll(List.of(receivers.get(index)), timeout);
                        ready = index;
                    }
                } catch (TimeoutException timeIsUp) {
                    late++;
                    requireNoWaiters(i);
                    ready = Receivers.awaitAny(receivers);
                }
                require(take(ready, i) == index && second.join(), "received", i);
                receivers.forEach(Receiver::abandon);
            }
        }
        assertThat(late).as("both outcomes occurred").isBetween(1, limit.rounds() - 1);
    }

    /**
     * Each interrupt is reported once, by the exception or by the flag, and this call or the next finds the outcome.
     */
    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void anInterruptLosesNothingAndLeavesNoWaiter(Level level) throws InterruptedException {
        make(level);
        Thread waiting = Thread.currentThread();
        int reports = 0;
        RoundLimit limit = new RoundLimit(10_000);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                List<Sender<Integer>> senders = begin();
                int index = i % COUNT;
                boolean first = (i & 1) == 0;
                second.start(() -> {
                    jitter(300);
                    if (first) {
                        waiting.interrupt();
                        jitter((index & 1) == 0 ? 8 : 2_000);
                    }
                    boolean sent = senders.get(index).send(index);
                    if (!first) {
                        waiting.interrupt();
                    }
                    return sent;
                });
                boolean reported = false;
                int ready;
                try {
                    ready = Receivers.awaitAny(receivers);
                } catch (InterruptedException interrupted) {
                    require(first && !waiting.isInterrupted(), "the value was there, or two reports", i);
                    requireNoWaiters(i);
                    reports++;
                    reported = true;
                    ready = Receivers.awaitAny(receivers);
                }
                require(take(ready, i) == index && second.join(), "received", i);
                require(Thread.interrupted() != reported, "reported once", i);
                receivers.forEach(Receiver::abandon);
            }
        }
        assertThat(reports).as("both occurred").isBetween(1, limit.rounds() - 1);
    }

    /** Ends the wait of a thread that has parked. */
    private void parked(Level level, Callable<Integer> wait, Start start) throws Exception {
        make(level);
        for (int i = 0; i < 300; i++) {
            List<Sender<Integer>> senders = begin();
            FutureTask<Integer> waiting = new FutureTask<>(wait);
            Thread thread = start.of(waiting);
            int index = i % COUNT;
            SecondThread.Backoff backoff = new SecondThread.Backoff();
            while (thread.getState() != Thread.State.WAITING) {
                backoff.once("the thread does not park");
            }
            senders.get(index).send(index);
            for (Sender<Integer> sender : wait == any ? List.<Sender<Integer>>of() : senders) {
                if (sender != senders.get(index)) {
                    sender.drop();
                }
            }
            assertThat(waiting.get(60, TimeUnit.SECONDS)).isEqualTo(wait == any ? index : COUNT);
            receivers.forEach(Receiver::abandon);
        }
    }

    private final Callable<Integer> any = () -> Receivers.awaitAny(receivers);

    private final Callable<Integer> all = () -> {
        Receivers.awaitAll(receivers);
        return COUNT;
    };

    private interface Start {
        Thread of(Runnable task) throws Exception;
    }

    private static Thread platform(Runnable task) {
        Thread thread = new Thread(task, "waiting");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @ParameterizedTest
    @EnumSource
    void aPlatformThreadParksAndIsUnparked(Level level) throws Exception {
        parked(level, any, ReceiversRaceTest::platform);
        receivers.clear();
        parked(level, all, ReceiversRaceTest::platform);
    }

    @ParameterizedTest
    @EnumSource
    void aVirtualThreadParksAndIsUnparked(Level level) throws Exception {
        parked(level, any, VirtualThreads::start);
        receivers.clear();
        parked(level, all, VirtualThreads::start);
    }
}
