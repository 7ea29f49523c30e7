package io.multishot;

import io.multishot.SlotState.Sentinel;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The sender that is handed out in the checked mode: a handle in front of a cell. The receiver holds only the cell, so
 * the handle becomes unreachable when its holder loses it, and {@link LeakDetector} notices.
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

    /** Consumes the cell, as {@link #consume}. */
    @Override
    boolean tryConsume(Object outcome) {
        try {
            return cell.tryConsume(outcome);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    boolean isWanted() {
        return cell.isWanted();
    }

    @Override
    boolean isDetached() {
        return cell.isDetached();
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

    /**
     * The cell behind a handle. It knows where the sender was made, and it is claimed before it is used, so that the
     * use that has won can be reported.
     */
    static final class Cell<T> extends Sender<T> {
        /*
         *   claim                      meaning
         *   null                       not used yet
         *   CLAIMED or a UseRecord     one use has won (the record says which and where)
         */
        private static final VarHandle CLAIM = ConstantBootstraps.fieldVarHandle(
                MethodHandles.lookup(), "claim", VarHandle.class, Cell.class, Object.class);

        private static final Object CLAIMED = "CLAIMED";

        private final UseRecord made;

        @SuppressWarnings("UnusedVariable") // accessed through CLAIM
        private @Nullable Object claim;

        /** Null only while the sender is made, and for a thread that got the handle through a data race. */
        private Cleaner.@Nullable Cleanable leakWatch;

        Cell(UseRecord made) {
            this.made = made;
        }

        @Override
        boolean consume(Object outcome) {
            return claimFor(outcome) == null ? consumeClaimed(outcome) : refuse(slotAcquire());
        }

        @Override
        boolean tryConsume(Object outcome) {
            return claimFor(outcome) == null && consumeClaimed(outcome);
        }

        /** Claims the cell for one use, and before that makes sure that this use can go on. */
        private @Nullable Object claimFor(Object outcome) {
            Object claimant = Checks.FULL ? UseRecord.consumed(outcome, made) : CLAIMED;
            StackRoom.ensure(StackRoom.TO_USE_SENDER);
            return claim(claimant);
        }

        /** Puts the outcome into the slot: only the receiver interferes. Returns false if it has left. */
        private boolean consumeClaimed(Object outcome) {
            try {
                return super.tryConsume(outcome);
            } finally {
                stopWatching();
            }
        }

        /** Loads the claim before the slot: the claim tells more, and the slot changes after it. */
        @Override
        boolean isWanted() {
            return claimAcquire() == null ? !isAbandoned() : refuse(slotAcquire());
        }

        /** Stops the watch last: its action would put an outcome into a cell that is not detached. */
        @Override
        void markDetached() {
            try {
                super.markDetached();
            } finally {
                stopWatching();
            }
        }

        @Override
        UseRecord made() {
            return made;
        }

        @Override
        IllegalStateException alreadyConsumed() {
            return claimAcquire() instanceof UseRecord consumed
                    ? Errors.alreadyConsumed(consumed, made)
                    : Errors.alreadyConsumed();
        }

        /** Runs the detector's action, which finds the sender used or detached, and is removed from its list. */
        private void stopWatching() {
            Cleaner.Cleanable watching = leakWatch;
            if (watching != null) {
                watching.clean();
            }
        }

        /**
         * Drops the round if the sender was not used. Returns what the slot held: if that is live, the drop took
         * effect, and the waiter is the caller's to notify.
         */
        @Nullable Object dropLeaked() {
            if (claimAcquire() != null || claim(CLAIMED) != null) {
                return Sentinel.DROPPED;
            }
            return consumeSlot(Sentinel.DROPPED);
        }

        /** Ordering: acquire, pairs with {@link #claim}: the content of the UseRecord is visible. */
        private @Nullable Object claimAcquire() {
            return CLAIM.getAcquire(this);
        }

        /**
         * Transition: null → claimant. Returns null if this claimant won, else the winner. Ordering: volatile. It pairs
         * with {@link #claimAcquire}: the loser sees the content of the winner's UseRecord. The visibility of the value
         * depends on the slot alone.
         */
        private @Nullable Object claim(Object claimant) {
            return CLAIM.compareAndExchange(this, null, claimant);
        }
    }
}
