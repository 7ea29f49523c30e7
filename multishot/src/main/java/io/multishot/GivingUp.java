package io.multishot;

/** The receiving half's way out of a round, or of all of them. One thread at a time. */
abstract sealed class GivingUp<T> extends Rounds<T> permits Receiver {
    GivingUp(boolean guarded) {
        super(guarded);
    }

    /**
     * Gives the round up: a live sender is detached, an outcome discarded, a pending future cancelled.
     *
     * @return true if a live sender was detached
     */
    final boolean giveUp(boolean close) {
        if (StandIn.isClosed(cell)) {
            return false;
        }
        ReceiveFuture<T> future = null;
        if (cell instanceof ReceiveFuture.OwnedCell) {
            future = owner();
            cell = future.release();
        }
        Sender<T> left = cell;
        boolean detached = detach();
        if (close) {
            cell = StandIn.closed();
            waiter = null;
        }
        if (detached) {
            // After all of the above, for it calls the sender's waker, and that may call into this receiver.
            left.settle();
        }
        if (future != null) {
            // Last, for it runs dependents, and they may call into this receiver. If the sender was first, this
            // finishes what it has begun: then the slot held its outcome, and nobody was detached.
            future.cancel(false);
        }
        return detached;
    }

    private boolean detach() {
        Sender<T> cell = this.cell;
        Object seen = cell.slotAcquire();
        if (Sender.isLive(seen)) {
            // Let go of the cell first: what a sender that comes too late puts there is never read.
            this.cell = StandIn.vacant(cell.getClass() != RecycledSender.class);
            if (cell.detach(seen)) {
                return true;
            }
            this.cell = cell;
        } else if (seen == Mark.VACANT || seen == Mark.VACANT_GUARDED) {
            return false;
        }
        cell.slotTakenRelease();
        return false;
    }
}
