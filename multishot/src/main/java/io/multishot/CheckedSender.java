package io.multishot;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * What a sender is when assertions are enabled: a handle in front of a guarded cell. The receiver holds the cell only,
 * so the handle becomes unreachable when its holder loses it, and {@link LeakWatch} can tell.
 */
final class CheckedSender<T> extends Sender<T> {
    private final Cell<T> cell;

    private CheckedSender(Cell<T> cell) {
        this.cell = cell;
    }

    static <T> CheckedSender<T> create() {
        Cell<T> cell = new Cell<>(Trace.made());
        CheckedSender<T> handle = new CheckedSender<>(cell);
        cell.watch = LeakWatch.watch(handle, cell);
        return handle;
    }

    Cell<T> cell() {
        return cell;
    }

    /** The fence keeps this handle reachable, and the watcher away, until the use has won its claim or lost it. */
    @Override
    boolean consume(Object outcome) {
        try {
            return cell.consume(outcome);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    boolean isWanted() {
        return cell.isWanted();
    }

    @Override
    public boolean isAbandoned() {
        return cell.isAbandoned();
    }

    @Override
    public void onAbandon(Waker waker) {
        cell.onAbandon(waker);
    }

    @Override
    public String toString() {
        return cell.toString();
    }

    /** The cell behind a handle. It knows where the sender was made, and its claim is where it was consumed. */
    static final class Cell<T> extends GuardedSender<T> {
        private final Trace made;

        /** Null only for a moment, and for a thread that got the handle through a data race. */
        private Cleaner.@Nullable Cleanable watch;

        Cell(Trace made) {
            this.made = made;
        }

        @Override
        boolean consume(Object outcome) {
            boolean handedOver = consume(outcome, Trace.consumed(outcome, made));
            forget();
            return handedOver;
        }

        /** In this order, for the watcher's action puts an outcome over the mark of a live or abandoned cell. */
        @Override
        void settle() {
            super.settle();
            forget();
        }

        @Override
        Trace made() {
            return made;
        }

        @Override
        IllegalStateException alreadyConsumed(Object winner) {
            return Errors.alreadyConsumed((Trace) winner, made);
        }

        /** The watcher's clean-up action finds the claim taken and does nothing; it only leaves the watcher's list. */
        private void forget() {
            Cleaner.Cleanable watching = watch;
            if (watching != null) {
                watching.clean();
            }
        }
    }
}
