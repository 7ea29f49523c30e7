package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How often a thread looks again before it parks. */
class SpinningTest {
    @Test
    void whoeverHasNoPatienceDoesNotLookAgain() {
        assertThat(ThreadWaiter.spins(Thread.currentThread(), true, 0)).isZero();
        assertThat(ThreadWaiter.spins(Thread.currentThread(), true, -1)).isZero();
    }

    @Test
    void aPlatformThreadLooksAgainIfTheSenderCanRunMeanwhile() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1);
        assertThat(ThreadWaiter.spins(Thread.currentThread(), true, 1)).isPositive();
        assertThat(ThreadWaiter.spins(Thread.currentThread(), false, 0)).isPositive();
    }

    @Test
    void aVirtualThreadLooksAgainOnce() {
        CompletableFuture<Integer> looks = new CompletableFuture<>();
        VirtualThreads.start(() -> looks.complete(ThreadWaiter.spins(Thread.currentThread(), true, 1)));
        assertThat(looks.join()).isEqualTo(1);
    }
}
