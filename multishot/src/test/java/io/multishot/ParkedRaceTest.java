package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads of all kinds that park in a receiver and are woken by each other. */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ParkedRaceTest {
    /** Each message carries the sender for the answer. */
    private record Ball(int number, Sender<Ball> answer) {}

    /** Hits the ball back until it has this number; the first ball comes from outside. */
    private static int play(Receiver<Ball> receiver, int last) throws InterruptedException {
        while (true) {
            Ball ball = receiver.receive();
            if (ball.number >= last) {
                if (ball.answer != null) {
                    ball.answer.send(new Ball(ball.number + 1, null));
                }
                return ball.number;
            }
            if ((ball.number & 7) == 0) {
                SecondThread.jitter(1000); // so that the other one stops spinning, and parks
            }
            Ball next = new Ball(ball.number + 1, receiver.sender());
            SecondThread.require(ball.answer.send(next), "handed over", ball.number);
        }
    }

    private static void pingPong(Level level, int hits, Consumer<Runnable> starter) throws Exception {
        Receiver<Ball> ping = level.receiver();
        Receiver<Ball> pong = level.receiver();
        Sender<Ball> service = ping.sender();
        Sender<Ball> answer = pong.sender();
        FutureTask<Integer> first = new FutureTask<>(() -> play(ping, hits));
        FutureTask<Integer> second = new FutureTask<>(() -> play(pong, hits));
        starter.accept(first);
        starter.accept(second);
        assertThat(service.send(new Ball(0, answer))).isTrue();
        assertThat(first.get(100, TimeUnit.SECONDS) + second.get(100, TimeUnit.SECONDS))
                .isEqualTo(2 * hits + 1);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void twoPlatformThreadsPlayPingPong(Level level) throws Exception {
        pingPong(level, 20_000, ParkedRaceTest::startPlatformThread);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void twoVirtualThreadsPlayPingPong(Level level) throws Exception {
        VirtualThreads.start(() -> {});
        pingPong(level, 40_000, VirtualThreads::start);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void aVirtualAndAPlatformThreadPlayPingPong(Level level) throws Exception {
        VirtualThreads.start(() -> {});
        boolean[] virtual = {false};
        pingPong(level, 10_000, task -> {
            if (virtual[0]) {
                VirtualThreads.start(task);
            } else {
                startPlatformThread(task);
            }
            virtual[0] = true;
        });
    }

    /** A waiter is kept from round to round, but for its own thread only. */
    @ParameterizedTest
    @EnumSource
    void eachOfSeveralThreadsThatWaitInTurnIsTheOneThatIsWoken(Level level) throws Exception {
        Receiver<Integer> receiver = level.receiver();
        for (int round = 0; round < 4; round++) {
            Sender<Integer> sender = receiver.sender();
            FutureTask<Integer> receiving = new FutureTask<>(receiver::receive);
            Thread waiting = new Thread(receiving, "waiting " + round);
            waiting.setDaemon(true);
            waiting.start();
            while (waiting.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            sender.send(round);
            assertThat(receiving.get(10, TimeUnit.SECONDS)).isEqualTo(round);
        }
    }

    private static void startPlatformThread(Runnable task) {
        Thread thread = new Thread(task, "player");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void aPlatformThreadSpinsBeforeItParksSoItMustNotBeTakenForAVirtualOne() {
        assertThat(ThreadWaiter.isVirtual(Thread.currentThread())).isFalse();
    }

    @Test
    void aVirtualThreadMustNotSpinSoItMustNotBeTakenForAPlatformOne() throws Exception {
        FutureTask<Boolean> virtual = new FutureTask<>(() -> ThreadWaiter.isVirtual(Thread.currentThread()));
        VirtualThreads.start(virtual);
        assertThat(virtual.get(60, TimeUnit.SECONDS)).isTrue();
    }

    // ------------------------------------------------------------------ ForkJoinPool

    /** Asks a task of the same pool and waits for it: without a spare thread nobody would run that task. */
    private static int ask(Level level, int depth) throws InterruptedException {
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> sender = receiver.sender();
        ForkJoinTask.adapt(() -> sender.send(depth == 0 ? 0 : ask(level, depth - 1)))
                .fork();
        return 1 + receiver.receive();
    }

    @ParameterizedTest
    @EnumSource
    void theCommonPoolFullOfReceiversRunsTheTasksTheyWaitFor(Level level) throws Exception {
        fill(level, ForkJoinPool.commonPool());
    }

    @ParameterizedTest
    @EnumSource
    void aPoolOfOneThreadFullOfReceiversRunsTheTasksTheyWaitFor(Level level) throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            fill(level, pool);
        } finally {
            pool.shutdownNow();
        }
    }

    private static void fill(Level level, ForkJoinPool pool) throws Exception {
        int requesters = pool.getParallelism() + 3;
        List<ForkJoinTask<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < requesters; i++) {
            answers.add(pool.submit((Callable<Integer>) () -> ask(level, 5)));
        }
        for (ForkJoinTask<Integer> answer : answers) {
            assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(6);
        }
    }

    /** A pool whose managedBlock rejects: at its maximum, and not allowed to fall below that many runnable threads. */
    private static ForkJoinPool poolWithoutSpares() {
        return poolWithoutSpares(null);
    }

    /** The same, which first asks whether it may do without a spare thread. */
    static ForkJoinPool poolWithoutSpares(Predicate<ForkJoinPool> mayGoOn) {
        return new ForkJoinPool(
                1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, false, 1, 1, 1, mayGoOn, 1, TimeUnit.MINUTES);
    }

    private static final class Never implements ForkJoinPool.ManagedBlocker {
        @Override
        public boolean block() {
            return true;
        }

        @Override
        public boolean isReleasable() {
            return false;
        }
    }

    @Test
    void aPoolWithoutSpareThreadsRejectsAManagedBlock() throws Exception {
        ForkJoinPool pool = poolWithoutSpares();
        try {
            ForkJoinTask<?> blocking = pool.submit(() -> {
                ForkJoinPool.managedBlock(new Never());
                return null;
            });
            assertThatThrownBy(() -> blocking.get(30, TimeUnit.SECONDS))
                    .as("the hazard that the next test is about")
                    .hasRootCauseInstanceOf(RejectedExecutionException.class);
        } finally {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerOfAPoolWithoutSpareThreadsWaitsAllTheSame(Level level) throws Exception {
        ForkJoinPool pool = poolWithoutSpares();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            pool.submit(() -> {
                        Receiver<Integer> receiver = level.receiver();
                        for (int i = 0; i < 100; i++) {
                            int round = i;
                            Sender<Integer> sender = receiver.sender();
                            if (i % 3 == 2) {
                                assertThatThrownBy(() -> receiver.receive(Duration.ofMillis(1)))
                                        .isInstanceOf(TimeoutException.class);
                            }
                            second.start(() -> {
                                TimeUnit.MICROSECONDS.sleep(200);
                                return sender.send(round);
                            });
                            int value = i % 2 == 0 ? receiver.receive() : receiver.receiveUninterruptibly();
                            assertThat(value).isEqualTo(i);
                            assertThat(second.join()).isTrue();
                        }
                        return null;
                    })
                    .get(60, TimeUnit.SECONDS);
        } finally {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsTheWaitOfAWorker(Level level) throws Exception {
        for (ForkJoinPool pool : List.of(poolWithoutSpares(), new ForkJoinPool(1))) {
            try (SecondThread<Boolean> second = new SecondThread<>()) {
                boolean interrupted = pool.submit(() -> {
                            Receiver<Integer> receiver = level.receiver();
                            Sender<Integer> sender = receiver.sender();
                            Thread worker = Thread.currentThread();
                            second.start(() -> {
                                TimeUnit.MILLISECONDS.sleep(20);
                                worker.interrupt();
                                return true;
                            });
                            try {
                                return receiver.receive() < 0;
                            } catch (InterruptedException expected) {
                                return !worker.isInterrupted() && sender.drop();
                            }
                        })
                        .get(60, TimeUnit.SECONDS);
                assertThat(interrupted).isTrue();
            } finally {
                pool.shutdownNow();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutEndsTheWaitOfAWorker(Level level) throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            boolean live = pool.submit(() -> {
                        Receiver<Integer> receiver = level.receiver();
                        Sender<Integer> sender = receiver.sender();
                        assertThatThrownBy(() -> receiver.receive(Duration.ofMillis(20)))
                                .isInstanceOf(TimeoutException.class);
                        return sender.send(1) && receiver.take() == 1;
                    })
                    .get(60, TimeUnit.SECONDS);
            assertThat(live).isTrue();
        } finally {
            pool.shutdownNow();
        }
    }
}
