package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
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
     * Transition: null → current thread. Ordering: plain, on purpose; an acquire here, paired with a release in
     * {@link Visit#close}, would be a happens-before edge between two tasks that hand the receiver over through a data
     * race, and hide that race from whoever hunts it. Atomicity is all that is needed.
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

    /** Opens a visit to each of these; null if there is nothing to close. */
    static @Nullable Visits enterAll(List<? extends OverlapCheck> receivers) {
        return CHECKED ? new Visits(receivers) : null;
    }

    /** A thread's stay inside the receiver. */
    final class Visit implements AutoCloseable {
        /** Transition: current thread → null. Ordering: opaque, see {@link #enterChecked}. */
        @Override
        public void close() {
            OCCUPANT.setOpaque(OverlapCheck.this, null);
        }
    }

    /** A thread's stay inside several receivers. It remembers them, whatever becomes of their list. */
    static final class Visits implements AutoCloseable {
        private final List<Visit> open;

        /** If one refuses the thread, those entered before are left again. */
        private Visits(List<? extends OverlapCheck> receivers) {
            int size = receivers.size();
            open = new ArrayList<>(size); // so that none is entered and then not remembered, for want of memory
            boolean all = false;
            try {
                for (int i = 0; i < size; i++) {
                    Visit visit = receivers.get(i).enter();
                    if (visit != null) {
                        open.add(visit);
                    }
                }
                all = true;
            } finally {
                if (!all) {
                    close();
                }
            }
        }

        @Override
        public void close() {
            open.forEach(Visit::close);
        }
    }
}
