package io.multishot.benchmarks.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Waker;
import io.multishot.benchmarks.Value;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A ready round takes little more than the one atomic operation in it, whether its receiver is safe or recycles. The
 * report measures how much; this test only fails if the round has gained further atomic operations, a lock, or a path
 * that the JIT compiler cannot inline. It compares the best of many short turns, which alternate, so a busy machine
 * does not matter. It goes on while the bound is exceeded, so a slow compilation does not matter either.
 */
class RatioGuardTest {
    private static final double BOUND = 4;
    private static final int ROUNDS = 100_000;
    private static final int TURNS = 20;
    private static final int MOST_TURNS = 2_000;

    private final Floors.BareAtomics bare = new Floors.BareAtomics();
    private final Value value = new Value(0);
    private final Waker waker = () -> {};
    private @Nullable Object sink;

    @Test
    void aSafeReadyRoundIsAnAtomicOperationAndLittleMore() {
        assertLittleMoreThanAnExchange(new Receiver<>());
    }

    @Test
    void aRecyclingReadyRoundIsAnExchangeAndLittleMore() {
        assertLittleMoreThanAnExchange(Receiver.recycling());
    }

    private void assertLittleMoreThanAnExchange(Receiver<Value> receiver) {
        long exchange = Long.MAX_VALUE;
        long round = Long.MAX_VALUE;
        for (int turn = 0; turn < TURNS || (turn < MOST_TURNS && round > BOUND * exchange); turn++) {
            exchange = Math.min(exchange, time(this::exchanges));
            round = Math.min(round, time(count -> rounds(receiver, count)));
        }
        assertThat((double) round / exchange).isLessThanOrEqualTo(BOUND);
    }

    private static long time(IntFunction<@Nullable Object> work) {
        long start = System.nanoTime();
        work.apply(ROUNDS);
        return System.nanoTime() - start;
    }

    private @Nullable Object exchanges(int count) {
        for (int i = 0; i < count; i++) {
            sink = bare.ready();
        }
        return sink;
    }

    private @Nullable Object rounds(Receiver<Value> receiver, int count) {
        for (int i = 0; i < count; i++) {
            receiver.sender().send(value);
            sink = receiver.poll(waker) == Poll.READY ? receiver.take() : null;
        }
        return sink;
    }
}
