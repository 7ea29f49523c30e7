package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which threads spin before they park, how often, and what a thread dump says of them then. */
class ThreadWaiterTest {
    @Test
    void aPlatformThreadIsNotTakenForAVirtualOne() {
        assertThat(ThreadWaiter.isVirtual(Thread.currentThread())).isFalse();
    }

    @Test
    void aVirtualThreadIsNotTakenForAPlatformOne() throws Exception {
        FutureTask<Boolean> virtual = new FutureTask<>(() -> ThreadWaiter.isVirtual(Thread.currentThread()));
        VirtualThreads.start(virtual);
        assertThat(virtual.get(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aThreadWithoutTimeLeftDoesNotSpin() {
        assertThat(ThreadWaiter.spins(Thread.currentThread(), true, 0)).isZero();
        assertThat(ThreadWaiter.spins(Thread.currentThread(), true, -1)).isZero();
    }

    @Test
    void aPlatformThreadSpinsIfTheSenderCanRunMeanwhile() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is only one processor here");
        assertThat(ThreadWaiter.spins(Thread.currentThread(), true, 1)).isPositive();
        assertThat(ThreadWaiter.spins(Thread.currentThread(), false, 0)).isPositive();
    }

    @Test
    void aVirtualThreadSpinsOnce() {
        CompletableFuture<Integer> spins = new CompletableFuture<>();
        VirtualThreads.start(() -> spins.complete(ThreadWaiter.spins(Thread.currentThread(), true, 1)));
        assertThat(spins.join()).isEqualTo(1);
    }

    @Test
    @Timeout(value = 120, threadMode = SEPARATE_THREAD)
    void aParkedThreadNamesWhatItWaitsFor() throws Exception {
        Receiver<Integer> receiver = new Receiver<>();
        Sender<Integer> sender = receiver.sender();
        assertParkedOn(receiver, receiver::receive, sender);

        List<Receiver<Integer>> receivers = List.of(receiver, new Receiver<>());
        List<Sender<Integer>> senders = receivers.stream().map(Receiver::sender).toList();
        assertParkedOn(receivers, () -> Receivers.awaitAny(receivers), senders.get(1));
    }

    private static void assertParkedOn(Object blocker, Callable<?> wait, Sender<Integer> sender) throws Exception {
        FutureTask<?> waiting = new FutureTask<>(wait);
        Thread thread = new Thread(waiting);
        thread.start();
        await().until(() -> LockSupport.getBlocker(thread) == blocker);
        assertThat(sender.send(1)).isTrue();
        waiting.get();
    }
}
