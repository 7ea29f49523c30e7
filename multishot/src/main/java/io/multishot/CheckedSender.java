package io.multishot;

import io.multishot.SlotState.Sentinel;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The sender that is handed out in the checked mode: a handle in front of a cell. The receiver holds only the cell, so
 * the handle becomes unreachable when its holder loses it, and {@link LeakDetector} notices.
 */
final class CheckedSender<T> extends Sender<T> {
    private static final int ONE_IN = 64;

    private final Cell<T> cell;

    private CheckedSender(Cell<T> cell) {
        this.cell = cell;
    }

    static <T> CheckedSender<T> create() {
        Cell<T> cell = new Cell<>(isRecorded() ? UseRecord.made() : null);
        CheckedSender<T> handle = new CheckedSender<>(cell);
        cell.leakWatch = LeakDetector.watch(handle, cell);
        return handle;
    }

    /** Where a sender was made costs a stack trace. So if only leaks are detected, a sample of the senders knows it. */
    private static boolean isRecorded() {
        return Checks.FULL || ThreadLocalRandom.current().nextInt(ONE_IN) == 0;
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
     * The cell behind a handle. If {@link Checks#FULL}, it knows where the sender was made, and is claimed before it is
     * used, so that every refusal can report the use that has won. That only one use succeeds depends on the slot
     * alone.
     */
    static final class Cell<T> extends Sender<T> {
        /*
         *   claim         meaning
         *   null          not used yet, or not recorded
         *   a UseRecord   one use has won; the record says which and where
         */
        private static final VarHandle CLAIM = ConstantBootstraps.fieldVarHandle(
                MethodHandles.lookup(), "claim", VarHandle.class, Cell.class, UseRecord.class);

        private final @Nullable UseRecord made;

        @SuppressWarnings("UnusedVariable") // accessed through CLAIM
        private @Nullable UseRecord claim;

        /** Null only while the sender is made, and for a thread that got the handle through a data race. */
        private Cleaner.@Nullable Cleanable leakWatch;

        Cell(@Nullable UseRecord made) {
            this.made = made;
        }

        @Override
        boolean consume(Object outcome) {
            if (isClaimedBefore(outcome)) {
                return refuse(slotAcquire());
            }
            try {
                return super.consume(outcome);
            } finally {
                stopWatchingIfUsed();
            }
        }

        @Override
        boolean tryConsume(Object outcome) {
            if (isClaimedBefore(outcome)) {
                return false;
            }
            try {
                return super.tryConsume(outcome);
            } finally {
                stopWatchingIfUsed();
            }
        }

        /**
         * Claims the cell for this use, if uses are recorded, and before that makes sure that the use can go on.
         * Returns true if another use was first.
         */
        private boolean isClaimedBefore(Object outcome) {
            if (!Checks.FULL) {
                return false;
            }
            UseRecord use = UseRecord.consumed(outcome, made);
            StackRoom.ensure(StackRoom.TO_USE_SENDER);
            return claim(use) != null;
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
        @Nullable UseRecord made() {
            return made;
        }

        @Override
        IllegalStateException alreadyConsumed() {
            UseRecord consumed = claimAcquire();
            return consumed == null
                    ? Errors.alreadyConsumed()
                    : Errors.alreadyConsumed(consumed, Objects.requireNonNull(made)); // recorded together
        }

        /** Stops the watch, unless the stack had no room for the use, so that nothing has changed. */
        private void stopWatchingIfUsed() {
            if (!isLive(slotAcquire())) {
                stopWatching();
            }
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
            return consumeSlot(Sentinel.DROPPED);
        }

        /** Ordering: acquire, pairs with {@link #claim}: the content of the UseRecord is visible. */
        private @Nullable UseRecord claimAcquire() {
            return (UseRecord) CLAIM.getAcquire(this);
        }

        /**
         * Transition: null → claimant. Returns null if this claimant won, else the winner. Ordering: volatile. It pairs
         * with {@link #claimAcquire}: the loser sees the content of the winner's UseRecord. The visibility of the value
         * depends on the slot alone.
         */
        private @Nullable UseRecord claim(UseRecord claimant) {
            return (UseRecord) CLAIM.compareAndExchange(this, null, claimant);
        }
    }
}
