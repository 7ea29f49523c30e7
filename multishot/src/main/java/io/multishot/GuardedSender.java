package io.multishot;

import io.multishot.SlotState.Sentinel;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A sender that lives for one round only and is claimed before it is used. Exactly one use succeeds. The next round has
 * another cell, so a stale reference touches nothing.
 */
sealed class GuardedSender<T> extends Sender<T> permits CheckedSender.Cell {
    /*
     *   claim                      meaning
     *   null                       not used yet
     *   CLAIMED or a UseRecord     one use has won (the record says which and where)
     */
    private static final VarHandle CLAIM = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "claim", VarHandle.class, GuardedSender.class, Object.class);

    private static final Object CLAIMED = "CLAIMED";

    @SuppressWarnings("UnusedVariable") // accessed through CLAIM
    private @Nullable Object claim;

    @Override
    boolean consume(Object outcome) {
        return consume(outcome, CLAIMED);
    }

    /** Consumes this sender if the claim is won: the winner has exclusive access to the sender's side of the slot. */
    final boolean consume(Object outcome, Object claimant) {
        Object winner = claim(claimant);
        if (winner == null) {
            return exchange(outcome);
        }
        return refuse(winner);
    }

    /** Loads the claim before the slot: the claim tells more, and the slot changes after it. */
    @Override
    final boolean isWanted() {
        Object winner = claimAcquire();
        return winner == null ? !isAbandoned() : refuse(winner);
    }

    /**
     * Returns false if this sender is detached, claimed or not; otherwise throws. Only the winner overwrites ABANDONED,
     * until its own call returns; once abandon() has returned, DETACHED makes up for that.
     */
    private boolean refuse(Object winner) {
        if (slotAcquire() == Sentinel.ABANDONED || isDetached()) {
            return false;
        }
        throw alreadyConsumed(winner);
    }

    IllegalStateException alreadyConsumed(Object winner) {
        return Errors.alreadyConsumed();
    }

    final boolean isUsed() {
        return claimAcquire() != null;
    }

    /** Ordering: acquire, pairs with {@link #claim}: the content of the UseRecord is visible. */
    private @Nullable Object claimAcquire() {
        return CLAIM.getAcquire(this);
    }

    /**
     * Transition: null → claimant. Returns null if this claimant won, else the winner. Ordering: volatile. It pairs
     * with itself: the loser sees the content of the winner's UseRecord. The visibility of the value depends on the
     * slot alone.
     */
    final @Nullable Object claim(Object claimant) {
        return CLAIM.compareAndExchange(this, null, claimant);
    }
}
