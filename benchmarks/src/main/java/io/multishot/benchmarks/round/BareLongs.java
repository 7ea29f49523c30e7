package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jmh.annotations.Benchmark;

/** The bare atomics on a number instead of a reference. The difference is the share of the collector's barriers. */
@Contender(value = "floor: the same on a long, without the collector's barriers", role = Role.FLOOR, place = 2)
public class BareLongs extends RoundState {
    private static final long VALUE = 1;
    private static final long WAITER = 2;

    private static final VarHandle SLOT =
            ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "slot", VarHandle.class, Cell.class, long.class);

    private final Cell cell = new Cell();

    /** For JMH. */
    public BareLongs() {}

    /**
     * One exchange.
     *
     * @return what was there
     */
    @Benchmark
    public long ready() {
        return (long) SLOT.getAndSet(cell, VALUE);
    }

    /**
     * A compare-and-set that succeeds, and an exchange.
     *
     * @return what was there
     */
    @Benchmark
    public long pending() {
        SLOT.compareAndSet(cell, VALUE, WAITER);
        return (long) SLOT.getAndSet(cell, VALUE);
    }

    private static final class Cell {
        @SuppressWarnings("UnusedVariable") // accessed through SLOT
        private long slot = VALUE;
    }
}
