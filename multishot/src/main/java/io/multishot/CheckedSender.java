package io.multishot;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The sender that is handed out when assertions are enabled: a handle in front of a guarded cell. The receiver holds
 * only the cell, so the handle becomes unreachable when its holder loses it, and {@link LeakDetector} notices.
 */
final class CheckedSender<T> extends Sender<T> {
    private final Cell<T> cell;

    private CheckedSender(Cell<T> cell) {
        this.cell = cell;
    }

    static <T> CheckedSender<T> create() {
        Cell<T> cell = new Cell<>(UseRecord.made());
        CheckedSender<T> handle = new CheckedSender<>(cell);
        cell.leakWatch = LeakDetector.watch(handle, cell);
        return handle;
    }

    Cell<T> cell() {
        return cell;
    }

    /** Consumes the cell. The fence keeps this handle reachable until the use has won or lost its claim. */
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

    /** The cell behind a handle. It knows where the sender was made; its claim says where the sender was consumed. */
    static final class Cell<T> extends GuardedSender<T> {
        private final UseRecord made;

        /** Null only while the sender is made, and for a thread that got the handle through a data race. */
        private Cleaner.@Nullable Cleanable leakWatch;

        Cell(UseRecord made) {
            this.made = made;
        }

        @Override
        boolean consume(Object outcome) {
            boolean handedOver = consume(outcome, UseRecord.consumed(outcome, made));
            stopWatching();
            return handedOver;
        }

        /**
         * Stops the watch last: its action would overwrite ABANDONED with an outcome in a cell that is not detached.
         */
        @Override
        void markDetached() {
            super.markDetached();
            stopWatching();
        }

        @Override
        UseRecord made() {
            return made;
        }

        @Override
        IllegalStateException alreadyConsumed(Object winner) {
            return Errors.alreadyConsumed((UseRecord) winner, made);
        }

        /** Runs the detector's action, which finds the claim taken, does nothing, and is removed from its list. */
        private void stopWatching() {
            Cleaner.Cleanable watching = leakWatch;
            if (watching != null) {
                watching.clean();
            }
        }
    }
}
