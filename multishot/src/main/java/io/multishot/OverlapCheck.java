package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The checked mode's watch over a receiver: the second of two threads that call into it at once is refused. Without
 * assertions nobody asks it anything.
 */
abstract sealed class OverlapCheck permits Rounds {
    /** True when assertions are enabled for this library. A constant to the JIT compiler. */
    static final boolean CHECKED = OverlapCheck.class.desiredAssertionStatus();

    private static final VarHandle OCCUPANT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "occupant", VarHandle.class, OverlapCheck.class, Thread.class);

    @SuppressWarnings("UnusedVariable") // accessed through OCCUPANT
    private @Nullable Thread occupant;

    /** Opens a visit of the current thread; null if there is nothing to close: unchecked, or nested in an open one. */
    final @Nullable Visit enter() {
        return CHECKED ? enterChecked() : null;
    }

    /**
     * Transition: null → current thread. Ordering: plain, on purpose; an acquire here, paired with a release in {@link
     * Visit#close}, would be a happens-before edge between two tasks that hand the receiver over through a data race, and
     * hide that race from whoever hunts it. Atomicity is all that is needed.
     */
    private @Nullable Visit enterChecked() {
        Thread current = Thread.currentThread();
        Visit visit = new Visit(); // may throw for want of memory: before the receiver counts as occupied
        while (!OCCUPANT.weakCompareAndSetPlain(this, null, current)) {
            Thread inside = (Thread) OCCUPANT.getOpaque(this);
            if (inside == current) {
                return null;
            }
            if (inside != null) {
                throw Errors.overlap(inside);
            }
        }
        return visit;
    }

    /** A thread's stay inside the receiver. */
    final class Visit implements AutoCloseable {
        /** Transition: current thread → null. Ordering: opaque, see {@link #enterChecked}. */
        @Override
        public void close() {
            OCCUPANT.setOpaque(OverlapCheck.this, null);
        }
    }
}
