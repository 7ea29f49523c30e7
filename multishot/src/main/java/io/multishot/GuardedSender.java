package io.multishot;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A sender that lives for one round only and is claimed before it is used: exactly one use succeeds, and since the next
 * round has another cell, a stale reference touches nothing.
 */
sealed class GuardedSender<T> extends Sender<T> permits CheckedSender.Cell {
    /*
     *   claim                   meaning
     *   null                    not used yet
     *   CLAIMED or a Trace      one use has won (the Trace says which and where)
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

    /** Whoever wins the claim is alone at the slot. A detached sender answers false, claimed or not. */
    final boolean consume(Object outcome, Object claimant) {
        Object winner = claim(claimant);
        if (winner == null) {
            return exchange(outcome);
        }
        return refuse(winner);
    }

    /** The claim tells more than the slot does: it comes first, and who won it. */
    @Override
    final boolean isWanted() {
        Object winner = claimAcquire();
        return winner == null ? !isAbandoned() : refuse(winner);
    }

    /** Only the winner covers ABANDONED, until its own call returns; after abandon() not even that matters. */
    private boolean refuse(Object winner) {
        if (slotAcquire() == Mark.ABANDONED || isDetached()) {
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

    /**
     * A look that claims nothing. Ordering: acquire, pairs with {@link #claim}: the content of the Trace is visible.
     */
    private @Nullable Object claimAcquire() {
        return CLAIM.getAcquire(this);
    }

    /**
     * Transition: null → claimant; returns null if this claimant won, else who did. Ordering: volatile. It pairs with
     * itself: the loser sees the content of the winner's Trace. The value's visibility rests on the slot alone.
     */
    final @Nullable Object claim(Object claimant) {
        return CLAIM.compareAndExchange(this, null, claimant);
    }
}
