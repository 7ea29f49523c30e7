package io.multishot.benchmarks.round;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** The least that a round can cost on this machine. */
public final class Floors {
    private static final VarHandle SLOT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "slot", VarHandle.class, Cell.class, Object.class);

    /** A constant, as the sentinel of a drop is everywhere. */
    private static final Object DROPPED = new Object();

    private Floors() {}

    private static final class Cell {
        @SuppressWarnings("UnusedVariable") // accessed through SLOT
        private @Nullable Object slot;
    }

    /**
     * The atomic operations of a round and nothing else: one exchange if the value comes first, a compare-and-set and
     * an exchange if the waker does. No load before or after, no store that recycles, no waker called: no channel could
     * be built of this.
     */
    @Contender(value = "floor: the bare atomics", role = Role.FLOOR)
    public static class BareAtomics extends RoundState {
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
    }

    /** The bare atomics on a number instead of a reference. The difference is the share of the collector's barriers. */
    @Contender(value = "floor: the same on a long, without the collector's barriers", role = Role.FLOOR, place = 2)
    public static class BareLongs extends RoundState {
        private static final long VALUE = 1;
        private static final long WAITER = 2;

        private static final VarHandle LONG_SLOT = ConstantBootstraps.fieldVarHandle(
                MethodHandles.lookup(), "slot", VarHandle.class, LongCell.class, long.class);

        private final LongCell cell = new LongCell();

        /** For JMH. */
        public BareLongs() {}

        /**
         * One exchange.
         *
         * @return what was there
         */
        @Benchmark
        public long ready() {
            return (long) LONG_SLOT.getAndSet(cell, VALUE);
        }

        /**
         * A compare-and-set that succeeds, and an exchange.
         *
         * @return what was there
         */
        @Benchmark
        public long pending() {
            LONG_SLOT.compareAndSet(cell, VALUE, WAITER);
            return (long) LONG_SLOT.getAndSet(cell, VALUE);
        }

        private static final class LongCell {
            @SuppressWarnings("UnusedVariable") // accessed through LONG_SLOT
            private long slot = VALUE;
        }
    }

    /**
     * The same transitions of a slot as those of the channel, by the same atomic operations: open, waiter if there is
     * one, outcome, one load, taken, open. It checks nothing, refuses nothing and wakes no waiter.
     */
    @Contender(value = "floor: the same states", role = Role.FLOOR, place = 1)
    public static class SlotTransitions extends RoundState {
        private final Object waiter = new Object();
        private final Object otherWaiter = new Object();
        private final Object taken = new Object();
        private final Cell cell = new Cell();

        /** For JMH. */
        public SlotTransitions() {}

        /**
         * Exchange, load, taken, open.
         *
         * @param mailbox where the cell goes
         * @return the value that was loaded
         */
        @Benchmark
        public @Nullable Object ready(Blackhole mailbox) {
            return round(value, mailbox);
        }

        /**
         * Exchange of a new object, load, taken, open.
         *
         * @param mailbox where the cell goes
         * @return the value that was loaded
         */
        @Benchmark
        public @Nullable Object fresh(Blackhole mailbox) {
            return round(newValue(), mailbox);
        }

        /**
         * Compare-and-set, exchange, load, taken, open.
         *
         * @param mailbox where the cell goes
         * @return the value that was loaded
         */
        @Benchmark
        public @Nullable Object pending(Blackhole mailbox) {
            SLOT.compareAndSet(cell, null, waiter);
            return round(value, mailbox);
        }

        /**
         * Two compare-and-sets, exchange, load, taken, open.
         *
         * @param mailbox where the cell goes
         * @return the value that was loaded
         */
        @Benchmark
        public @Nullable Object replaced(Blackhole mailbox) {
            SLOT.compareAndSet(cell, null, waiter);
            SLOT.compareAndSet(cell, waiter, otherWaiter);
            return round(value, mailbox);
        }

        /**
         * Compare-and-set, exchange, load, open: a drop is not taken.
         *
         * @param mailbox where the cell goes
         * @return true
         */
        @Benchmark
        public boolean dropped(Blackhole mailbox) {
            SLOT.compareAndSet(cell, null, waiter);
            mailbox.consume(cell);
            SLOT.getAndSet(cell, DROPPED);
            Object seen = SLOT.getAcquire(cell);
            SLOT.setRelease(cell, null);
            return seen == DROPPED;
        }

        /**
         * Exchange, load, taken, open.
         *
         * @param mailbox where the cell goes
         * @return the value that was loaded
         */
        @Benchmark
        public @Nullable Object tried(Blackhole mailbox) {
            return round(value, mailbox);
        }

        /**
         * Exchange, open.
         *
         * @param mailbox where the cell goes
         * @return true
         */
        @Benchmark
        public boolean recycled(Blackhole mailbox) {
            mailbox.consume(cell);
            Object before = SLOT.getAndSet(cell, value);
            SLOT.setRelease(cell, null);
            return before == null;
        }

        private @Nullable Object round(Value sent, Blackhole mailbox) {
            mailbox.consume(cell);
            SLOT.getAndSet(cell, sent);
            Object seen = SLOT.getAcquire(cell);
            SLOT.setRelease(cell, taken);
            SLOT.setRelease(cell, null);
            return seen;
        }
    }

    /**
     * The same states in a cell that is new in each round, with a compare-and-set in the place of the exchange: what a
     * sender costs that cannot touch a later round, nor be used twice.
     */
    @Contender(value = "floor: the same states, a new cell each round", role = Role.FLOOR, place = 3)
    public static class NewCells extends RoundState {
        private final Object waiter = new Object();
        private Cell cell = new Cell();

        /** For JMH. */
        public NewCells() {}

        /**
         * New cell, compare-and-set, load, taken.
         *
         * @param mailbox where the cell goes
         * @return the value that was loaded
         */
        @Benchmark
        public @Nullable Object ready(Blackhole mailbox) {
            Cell fresh = new Cell();
            cell = fresh;
            return round(fresh, null, mailbox);
        }

        /**
         * New cell, two compare-and-sets, load, taken.
         *
         * @param mailbox where the cell goes
         * @return the value that was loaded
         */
        @Benchmark
        public @Nullable Object pending(Blackhole mailbox) {
            Cell fresh = new Cell();
            cell = fresh;
            SLOT.compareAndSet(fresh, null, waiter);
            return round(fresh, waiter, mailbox);
        }

        private @Nullable Object round(Cell sender, @Nullable Object expected, Blackhole mailbox) {
            mailbox.consume(sender);
            SLOT.compareAndSet(sender, expected, value);
            Object seen = SLOT.getAcquire(cell);
            SLOT.setRelease(cell, cell);
            return seen;
        }
    }
}
