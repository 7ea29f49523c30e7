package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses the second of two threads that call into one receiver at once. Only the checked mode has one. */
final class OverlapCheck {
    private static final VarHandle OCCUPANT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "occupant", VarHandle.class, OverlapCheck.class, Thread.class);

    @SuppressWarnings("UnusedVariable") // accessed through OCCUPANT
    private @Nullable Thread occupant;

    /**
     * Opens a visit of the current thread. Returns null if the thread is inside already: then there is nothing to
     * close.
     *
     * <p>Transition: null → current thread. Ordering: plain, on purpose. An acquire here, paired with a release in
     * {@link Visit#close}, would be a happens-before edge between two tasks that hand the receiver over through a data
     * race, and would hide that race from race detectors. Only atomicity is needed.
     */
    @Nullable Visit enter() {
        Thread current = Thread.currentThread();
        Visit visit = new Visit(); // may throw OutOfMemoryError: before the receiver counts as occupied
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

    /** A thread's stay inside a receiver. */
    final class Visit implements AutoCloseable {
        /** Transition: current thread → null. Ordering: opaque, see {@link #enter}. */
        @Override
        public void close() {
            OCCUPANT.setOpaque(OverlapCheck.this, null);
        }
    }

    /** A thread's stay inside several receivers. It keeps the visits, whatever happens to the list of receivers. */
    static final class Visits implements AutoCloseable {
        private final List<Visit> open;

        /** Enters all receivers. If one refuses the thread, those entered before are left again. */
        Visits(List<? extends Receiver<?>> receivers) {
            int size = receivers.size();
            open = new ArrayList<>(size); // allocates first, so that no receiver is entered and then not remembered
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
