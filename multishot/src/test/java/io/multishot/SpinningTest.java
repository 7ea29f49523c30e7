package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How often a thread looks again before it parks. */
class SpinningTest {
    @Test
    void whoever_has_no_patience_does_not_look_again() {
        assertThat(ThreadWaiter.spins(Thread.currentThread(), true, 0)).isZero();
        assertThat(ThreadWaiter.spins(Thread.currentThread(), true, -1)).isZero();
    }

    @Test
    void a_platform_thread_looks_again_if_the_sender_can_run_meanwhile() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1);
        assertThat(ThreadWaiter.spins(Thread.currentThread(), true, 1)).isPositive();
        assertThat(ThreadWaiter.spins(Thread.currentThread(), false, 0)).isPositive();
    }

    @Test
    void a_virtual_thread_looks_again_once() {
        CompletableFuture<Integer> looks = new CompletableFuture<>();
        VirtualThreads.start(() -> looks.complete(ThreadWaiter.spins(Thread.currentThread(), true, 1)));
        assertThat(looks.join()).isEqualTo(1);
    }
}
