package io.multishot.benchmarks.growth;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The same states as those of a channel, in an object with one field. */
@Contender(value = "floor: one exchange and two stores", role = Role.FLOOR)
public class ChannelsFloor extends Channels {
    private static final VarHandle SLOT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "slot", VarHandle.class, Cell.class, Object.class);

    private final Object taken = new Object();
    private Cell[] cells = {};

    /** For JMH. */
    public ChannelsFloor() {}

    @Override
    void make(int count) {
        cells = new Cell[count];
        for (int i = 0; i < count; i++) {
            cells[i] = new Cell();
        }
    }

    @Override
    @Nullable Object round(int index) {
        Cell cell = cells[index];
        SLOT.setRelease(cell, null);
        SLOT.getAndSet(cell, value);
        Object seen = SLOT.getAcquire(cell);
        SLOT.setRelease(cell, taken);
        return seen;
    }

    private static final class Cell {
        @SuppressWarnings("UnusedVariable") // accessed through SLOT
        private @Nullable Object slot;
    }
}
