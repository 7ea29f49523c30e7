package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which threads spin before they park, and how often. */
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
}
