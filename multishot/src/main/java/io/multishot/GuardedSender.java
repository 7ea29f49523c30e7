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
     *   ABANDONED               detached: every use answers false
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

    final boolean consume(Object outcome, Object claimant) {
        Object winner = claim(claimant);
        if (winner == null) {
            if (exchange(outcome)) {
                return true;
            }
            claimSetRelease();
            return false;
        }
        if (winner == Mark.ABANDONED) {
            return false;
        }
        throw alreadyConsumed(winner);
    }

    /** The receiver's half of detaching: from the moment this returns, every use answers false. */
    @Override
    boolean detach(@Nullable Object seen) {
        boolean detached = super.detach(seen);
        if (detached) {
            claimSetRelease();
        }
        return detached;
    }

    final boolean isUsed() {
        return CLAIM.getAcquire(this) != null;
    }

    /** A claimed but detached sender has its outcome in the slot for a moment; the claim knows better. */
    @Override
    public boolean isAbandoned() {
        return CLAIM.getAcquire(this) == Mark.ABANDONED || super.isAbandoned();
    }

    IllegalStateException alreadyConsumed(Object winner) {
        return Errors.alreadyConsumed();
    }

    /**
     * Transition: null → claimant; returns null if this claimant won, else who did. Ordering: volatile. It pairs with
     * itself: the loser sees the content of the winner's Trace. The value's visibility rests on the slot alone.
     */
    final @Nullable Object claim(Object claimant) {
        return CLAIM.compareAndExchange(this, null, claimant);
    }

    /**
     * Transition: null or a claimant → ABANDONED, after the slot said that the round was abandoned: by the receiver, and by
     * a claimant that came too late; both write the same. Ordering: release, pairs with {@link #claim}.
     */
    private void claimSetRelease() {
        CLAIM.setRelease(this, Mark.ABANDONED);
    }
}
