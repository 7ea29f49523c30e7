package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * The atomic operations of a round and nothing else: one exchange if the value comes first, a compare-and-set and an
 * exchange if the waker does. No look before or after, no store that recycles, no waker called; one cannot build a
 * channel of it.
 */
@Contender(value = "floor: the bare atomics", role = Role.FLOOR)
public class BareAtomics extends RoundState {
    private static final VarHandle SLOT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "slot", VarHandle.class, Cell.class, Object.class);

    /** A constant, as the mark of a drop is everywhere. */
    private static final Object DROPPED = new Object();

    private final Object waiter = new Object();
    private final Cell cell = new Cell();

    /** For JMH. */
    public BareAtomics() {}

    /**
     * One exchange.
     *
     * @return what was there
     */
    @Benchmark
    public @Nullable Object ready() {
        return SLOT.getAndSet(cell, value);
    }

    /**
     * One exchange, of a new object.
     *
     * @return what was there
     */
    @Benchmark
    public @Nullable Object fresh() {
        return SLOT.getAndSet(cell, newValue());
    }

    /**
     * A compare-and-set that succeeds, and an exchange.
     *
     * @return what was there
     */
    @Benchmark
    public @Nullable Object pending() {
        SLOT.compareAndSet(cell, value, waiter);
        return SLOT.getAndSet(cell, value);
    }

    /**
     * The same as pending.
     *
     * @return what was there
     */
    @Benchmark
    public @Nullable Object dropped() {
        SLOT.compareAndSet(cell, DROPPED, waiter);
        return SLOT.getAndSet(cell, DROPPED);
    }

    private static final class Cell {
        @SuppressWarnings("UnusedVariable") // accessed through SLOT
        private @Nullable Object slot;
    }
}
