package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * The floor that moves the same states through a slot as the channel does, by the same atomic operations: open, waiter if
 * there is one, outcome, one look, taken, open. It tests nothing, refuses nothing and wakes nobody.
 */
@Contender(value = "floor: the same states", role = Role.FLOOR)
public class SameStates extends RoundState {
    private static final VarHandle SLOT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "slot", VarHandle.class, Cell.class, Object.class);

    private final Object waiter = new Object();
    private final Object otherWaiter = new Object();
    private final Object dropped = new Object();
    private final Object taken = new Object();
    private final Cell cell = new Cell();

    /** For JMH. */
    public SameStates() {}

    /**
     * Exchange, look, taken, open.
     *
     * @return what the look saw
     */
    @Benchmark
    public @Nullable Object ready() {
        return round(value);
    }

    /**
     * Exchange of a new object, look, taken, open.
     *
     * @return what the look saw
     */
    @Benchmark
    public @Nullable Object fresh() {
        return round(newValue());
    }

    /**
     * Compare-and-set, exchange, look, taken, open.
     *
     * @return what the look saw
     */
    @Benchmark
    public @Nullable Object pending() {
        SLOT.compareAndSet(cell, null, waiter);
        return round(value);
    }

    /**
     * Two compare-and-sets, exchange, look, taken, open.
     *
     * @return what the look saw
     */
    @Benchmark
    public @Nullable Object replaced() {
        SLOT.compareAndSet(cell, null, waiter);
        SLOT.compareAndSet(cell, waiter, otherWaiter);
        return round(value);
    }

    /**
     * Compare-and-set, exchange, look, open: nobody takes a drop.
     *
     * @return true
     */
    @Benchmark
    public boolean dropped() {
        SLOT.compareAndSet(cell, null, waiter);
        SLOT.getAndSet(cell, dropped);
        Object seen = SLOT.getAcquire(cell);
        SLOT.setRelease(cell, null);
        return seen == dropped;
    }

    /**
     * Exchange, look, taken, open.
     *
     * @return what the look saw
     */
    @Benchmark
    public @Nullable Object tried() {
        return round(value);
    }

    /**
     * Exchange, open.
     *
     * @return true
     */
    @Benchmark
    public boolean recycled() {
        Object before = SLOT.getAndSet(cell, value);
        SLOT.setRelease(cell, null);
        return before == null;
    }

    private @Nullable Object round(Value sent) {
        SLOT.getAndSet(cell, sent);
        Object seen = SLOT.getAcquire(cell);
        SLOT.setRelease(cell, taken);
        SLOT.setRelease(cell, null);
        return seen;
    }

    private static final class Cell {
        @SuppressWarnings("UnusedVariable") // accessed through SLOT
        private @Nullable Object slot;
    }
}
