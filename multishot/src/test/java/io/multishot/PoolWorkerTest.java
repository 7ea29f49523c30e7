package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Workers of a ForkJoinPool wait in a way of their own: their time runs out as any thread's does, and they do not burn
 * it.
 */
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class PoolWorkerTest {
    private static final Duration MOMENT = Duration.ofMillis(50);

    /** Far more than it takes to spin and to park a few times, far fewer than a loop comes to in a moment. */
    private static final int FEW = 1_000;

    /** One receiver, and how often somebody has looked for it. */
    private static final class Counting extends AbstractList<Receiver<String>> implements RandomAccess {
        private final Receiver<String> receiver;
        private final AtomicInteger looks = new AtomicInteger();

        Counting(Receiver<String> receiver) {
            this.receiver = receiver;
        }

        @Override
        public Receiver<String> get(int index) {
            looks.incrementAndGet();
            return receiver;
        }

        @Override
        public int size() {
            return 1;
        }
    }

    private static void isLate(ForkJoinPool pool, Callable<?> wait) {
        assertThatThrownBy(() -> pool.submit(wait).get(60, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(TimeoutException.class);
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsForManyIsLateInTimeAndLooksSeldom(Level level) {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            Receiver<String> receiver = level.receiver();
            Sender<String> sender = receiver.sender();
            Counting any = new Counting(receiver);
            isLate(pool, () -> Receivers.awaitAny(any, MOMENT));
            isLate(pool, () -> {
                Receivers.awaitAll(List.of(receiver), MOMENT);
                return null;
            });
            assertThat(any.looks).hasValueLessThan(FEW);
            assertThat(sender.send("value")).isTrue();
            assertThat(receiver.take()).isEqualTo("value");
        } finally {
            pool.shutdownNow();
        }
    }

    /** The pool is asked, before each parking, whether it may do without a spare thread, and says no. */
    @ParameterizedTest
    @EnumSource
    void aPoolWithoutSpareThreadsIsAskedSeldom(Level level) {
        AtomicInteger asked = new AtomicInteger();
        ForkJoinPool pool = ParkedRaceTest.poolWithoutSpares(saturated -> {
            asked.incrementAndGet();
            return false;
        });
        try {
            Receiver<String> receiver = level.receiver();
            Sender<String> sender = receiver.sender();
            isLate(pool, () -> receiver.receive(MOMENT));
            isLate(pool, () -> Receivers.awaitAny(List.of(receiver), MOMENT));
            assertThat(asked).hasValueBetween(2, FEW);
            assertThat(sender.send("value")).isTrue();
            assertThat(receiver.take()).isEqualTo("value");
        } finally {
            pool.shutdownNow();
        }
    }
}
