package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Workers of a {@link ForkJoinPool} that wait in a receiver: the pool compensates for each, and where it cannot they
 * wait nevertheless, without polling.
 */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ForkJoinPoolTest {
    private static final Duration MOMENT = Duration.ofMillis(50);

    /** Far more than a wait needs to spin and park a few times, far fewer than a polling loop reaches in a moment. */
    private static final int FEW = 1_000;

    private ForkJoinPool pool = new ForkJoinPool(1);

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    /** Makes a pool whose managedBlock rejects: it must not have a second thread, nor fall below one that can run. */
    private static ForkJoinPool poolWithoutSpares() {
        return poolWithoutSpares(null);
    }

    /** Makes the same pool, which first asks whether it may do without a spare thread. */
    private static ForkJoinPool poolWithoutSpares(Predicate<ForkJoinPool> mayGoOn) {
        return new ForkJoinPool(
                1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, false, 1, 1, 1, mayGoOn, 1, TimeUnit.MINUTES);
    }

    private <T> T run(Callable<T> task) throws Exception {
        return pool.submit(task).get(60, TimeUnit.SECONDS);
    }

    // ------------------------------------------------------------------ with spare threads

    @ParameterizedTest
    @EnumSource
    void theCommonPoolFullOfReceiversRunsTheTasksTheyWaitFor(Level level) throws Exception {
        fill(level, ForkJoinPool.commonPool());
    }

    @ParameterizedTest
    @EnumSource
    void aPoolOfOneThreadFullOfReceiversRunsTheTasksTheyWaitFor(Level level) throws Exception {
        fill(level, pool);
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

    /** Asks a task of the same pool and waits for it: without a spare thread that task would never run. */
    private static int ask(Level level, int depth) throws InterruptedException {
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> sender = receiver.sender();
        ForkJoinTask.adapt(() -> sender.send(depth == 0 ? 0 : ask(level, depth - 1)))
                .fork();
        return 1 + receiver.receive();
    }

    /** The first task waits for the second: without compensation the pool's only worker would never be free. */
    @ParameterizedTest
    @EnumSource
    void aWorkerThatWaitsForManyLetsAnotherRun(Level level) throws Exception {
        List<Receiver<Integer>> receivers = List.of(level.receiver(), level.receiver(), level.receiver());
        for (int i = 0; i < 200; i++) {
            List<Sender<Integer>> senders =
                    receivers.stream().map(Receiver::sender).toList();
            int index = i % receivers.size();
            boolean any = (i & 1) == 0;
            ForkJoinTask<Integer> waiting = pool.submit(() -> {
                if (any) {
                    return Receivers.awaitAny(receivers);
                }
                Receivers.awaitAll(receivers);
                return receivers.size();
            });
            ForkJoinTask<?> sending = pool.submit(() -> {
                senders.get(index).send(index);
                senders.stream().filter(sender -> sender != senders.get(index)).forEach(Sender::drop);
            });
            assertThat(waiting.get(60, TimeUnit.SECONDS)).isIn(any ? List.of(0, 1, 2) : List.of(receivers.size()));
            sending.get(60, TimeUnit.SECONDS);
            assertThat(receivers.get(index).take()).isEqualTo(index);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerThatWaitsForManyWithATimeoutLetsAnotherRun(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        for (Duration timeout : List.of(Duration.ofDays(1), Duration.ofSeconds(Long.MAX_VALUE))) {
            Sender<String> sender = receiver.sender();
            Future<Integer> waiting = pool.submit(() -> Receivers.awaitAny(List.of(receiver), timeout));
            Future<Boolean> sending = pool.submit(() -> sender.send("value"));
            assertThat(waiting.get()).isZero();
            assertThat(sending.get()).isTrue();
            assertThat(receiver.take()).isEqualTo("value");
        }
    }

    // ------------------------------------------------------------------ without spare threads

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
    void aPoolWithoutSpareThreadsRejectsAManagedBlock() {
        pool = poolWithoutSpares();
        assertThatThrownBy(() -> run(() -> {
                    ForkJoinPool.managedBlock(new Never());
                    return null;
                }))
                .as("the hazard that the next test is about")
                .hasRootCauseInstanceOf(RejectedExecutionException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerOfAPoolWithoutSpareThreadsWaitsNevertheless(Level level) throws Exception {
        pool = poolWithoutSpares();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            run(() -> {
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
            });
        }
    }

    /** Before each parking the pool asks its predicate, which refuses. */
    @ParameterizedTest
    @EnumSource
    void aWorkerOfAPoolWithoutSpareThreadsDoesNotPoll(Level level) {
        AtomicInteger asked = new AtomicInteger();
        pool = poolWithoutSpares(saturated -> {
            asked.incrementAndGet();
            return false;
        });
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertTimesOut(() -> receiver.receive(MOMENT));
        assertTimesOut(() -> Receivers.awaitAny(List.of(receiver), MOMENT));
        assertThat(asked).hasValueBetween(2, FEW);
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.take()).isEqualTo("value");
    }

    /** Makes a pool of one worker that makes its spare threads in this way. */
    private static ForkJoinPool poolWithSparesFrom(ForkJoinPool.ForkJoinWorkerThreadFactory spares) {
        AtomicInteger made = new AtomicInteger();
        ForkJoinPool.ForkJoinWorkerThreadFactory factory =
                pool -> (made.getAndIncrement() == 0 ? ForkJoinPool.defaultForkJoinWorkerThreadFactory : spares)
                        .newThread(pool);
        return new ForkJoinPool(1, factory, null, false, 1, 2, 1, null, 1, TimeUnit.MINUTES);
    }

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void aWorkerWhoseSpareThreadCannotBeMadeWaitsNevertheless(Throwable thrown) throws Exception {
        AtomicInteger refused = new AtomicInteger();
        pool = poolWithSparesFrom(any -> {
            refused.incrementAndGet();
            throw Throwables.sneakyThrow(thrown);
        });
        Receiver<String> receiver = new Receiver<>();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; i < 4; i++) {
                Sender<String> sender = receiver.sender();
                boolean one = i % 2 == 0;
                Future<String> waiting = pool.submit(() -> {
                    Thread worker = Thread.currentThread();
                    second.start(() -> sendOnceParked(worker, receiver, sender));
                    if (one) {
                        return receiver.receive();
                    }
                    assertThat(Receivers.awaitAny(List.of(receiver))).isZero();
                    return receiver.take();
                });
                assertThat(waiting.get(60, TimeUnit.SECONDS)).isEqualTo("value");
                assertThat(second.join()).isTrue();
            }
        }
        assertThat(refused).hasPositiveValue();
    }

    private static boolean sendOnceParked(Thread worker, Receiver<String> receiver, Sender<String> sender) {
        SecondThread.Backoff backoff = new SecondThread.Backoff();
        while (!receiver.isAwaitedBy(worker) || worker.getState() != Thread.State.WAITING) {
            backoff.once("the worker does not park");
        }
        return sender.send("value");
    }

    /** What makes a spare thread parks, after the outcome has come: that uses up the permit of the unpark. */
    @ParameterizedTest
    @EnumSource
    void anOutcomeThatComesWhileASpareThreadIsMadeIsFound(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        AtomicInteger spares = new AtomicInteger();
        pool = poolWithSparesFrom(any -> {
            spares.incrementAndGet();
            sender.send("value");
            LockSupport.parkNanos(1);
            return ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(any);
        });
        assertThat(pool.submit(() -> receiver.receive()).get(10, TimeUnit.SECONDS))
                .isEqualTo("value");
        assertThat(spares).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerOfAPoolThatIsStoppingWaitsUninterruptibly(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        CompletableFuture<String> received = new CompletableFuture<>();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            pool.execute(() -> {
                Thread worker = Thread.currentThread();
                pool.shutdownNow();
                Thread.interrupted();
                try {
                    second.start(() -> sendOnceParked(worker, receiver, sender));
                    received.complete(receiver.receiveUninterruptibly());
                } catch (Throwable thrown) {
                    received.completeExceptionally(thrown);
                }
            });
            assertThat(received.get(60, TimeUnit.SECONDS)).isEqualTo("value");
            assertThat(second.join()).isTrue();
        }
    }

    // ------------------------------------------------------------------ timeouts and interrupts

    private void assertTimesOut(Callable<?> wait) {
        assertThatThrownBy(() -> run(wait)).hasRootCauseInstanceOf(TimeoutException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutEndsTheWaitOfAWorker(Level level) throws Exception {
        boolean live = run(() -> {
            Receiver<Integer> receiver = level.receiver();
            Sender<Integer> sender = receiver.sender();
            assertThatThrownBy(() -> receiver.receive(Duration.ofMillis(20))).isInstanceOf(TimeoutException.class);
            return sender.send(1) && receiver.take() == 1;
        });
        assertThat(live).isTrue();
    }

    /** A list of one receiver that counts its reads. */
    private static final class Counting extends AbstractList<Receiver<String>> implements RandomAccess {
        private final Receiver<String> receiver;
        private final AtomicInteger reads = new AtomicInteger();

        Counting(Receiver<String> receiver) {
            this.receiver = receiver;
        }

        @Override
        public Receiver<String> get(int index) {
            reads.incrementAndGet();
            return receiver;
        }

        @Override
        public int size() {
            return 1;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerThatWaitsForManyTimesOutAndDoesNotPoll(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        Counting any = new Counting(receiver);
        assertThat(run(() -> ThreadWaiter.await(receiver, any, 0, true, true, MOMENT.toNanos())))
                .isEqualTo(ThreadWaiter.NONE);
        assertTimesOut(() -> Receivers.awaitAny(List.of(receiver), MOMENT));
        assertTimesOut(() -> {
            Receivers.awaitAll(List.of(receiver), MOMENT);
            return null;
        });
        assertThat(any.reads).hasValueLessThan(FEW);
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsTheWaitOfAWorker(Level level) throws Exception {
        interruptWorker(level);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsTheWaitOfAWorkerWithoutSpareThreads(Level level) throws Exception {
        pool = poolWithoutSpares();
        interruptWorker(level);
    }

    private void interruptWorker(Level level) throws Exception {
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            boolean interrupted = run(() -> {
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
            });
            assertThat(interrupted).isTrue();
        }
    }
}
