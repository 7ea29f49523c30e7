package io.multishot;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half's transitions, without the checks at the door that {@link Receiver} makes. One thread at a time.
 *
 * <p>Closed, owned by a future and without a cell are rare states. In each, a {@link StandIn} or an
 * {@link ReceiveFuture.OwnedCell} takes the place of the cell, and its slot holds a {@link Mark}; so a call finds out
 * by the very look at the slot that it takes anyway, and the common path reads no flag.
 */
abstract sealed class Rounds<T> extends OverlapCheck permits GivingUp {
    Sender<T> cell;

    /** The waiter that was registered last, kept so that the same waker or thread costs no other one. */
    @Nullable Waiter waiter;

    Rounds(boolean guarded) {
        cell = StandIn.vacant(guarded || CHECKED);
    }

    // ------------------------------------------------------------------ begin a round

    final @Nullable Sender<T> tryBegin() {
        Sender<T> cell = this.cell;
        Object seen = cell.slotAcquire();
        if (seen == cell && cell.getClass() == RecycledSender.class) {
            cell.forgetWaker();
            cell.slotOpenRelease();
            return cell;
        }
        return tryBeginRarely(seen);
    }

    /** The first round, any round of a guarded receiver, an outcome that was not taken, and all that is refused. */
    private @Nullable Sender<T> tryBeginRarely(@Nullable Object seen) {
        if (seen == Mark.OWNED) {
            if (!owner().isDone()) {
                return null;
            }
            seen = reclaim();
        }
        if (Sender.isLive(seen)) {
            return null;
        }
        if (seen == Mark.CLOSED) {
            throw Errors.closed();
        }
        if (seen == Mark.VACANT) {
            cell = new RecycledSender<>();
            return cell;
        }
        if (seen == Mark.VACANT_GUARDED) {
            return beginGuarded();
        }
        Sender<T> last = cell;
        if (last.getClass() == RecycledSender.class) {
            last.forgetWaker();
            last.slotOpenRelease();
            return last;
        }
        Sender<T> next = beginGuarded(); // may throw for want of memory: before the outcome is discarded
        last.forgetWaker();
        last.slotTakenRelease(); // so that a stale sender keeps nothing reachable
        return next;
    }

    private Sender<T> beginGuarded() {
        if (CHECKED) {
            CheckedSender<T> handle = CheckedSender.create();
            cell = handle.cell();
            return handle;
        }
        cell = new GuardedSender<>();
        return cell;
    }

    /** Why {@link #tryBegin} returned null. */
    final IllegalStateException refused() {
        if (cell instanceof ReceiveFuture.OwnedCell) {
            return Errors.owned();
        }
        return Errors.live(cell.made());
    }

    // ------------------------------------------------------------------ look and wait

    final Poll pollSlot(Waker waker) {
        Object seen = cell.slotVolatile();
        if (isValue(seen)) {
            return Poll.READY;
        }
        if (seen == Mark.OWNED) {
            seen = reclaim();
        }
        if (Sender.isLive(seen)) {
            seen = register(seen, waiterFor(waker));
        }
        if (seen instanceof Waiter) {
            return Poll.PENDING;
        }
        if (isValue(seen) || seen == Mark.ITSELF) {
            return Poll.READY;
        }
        if (seen == Mark.CLOSED) {
            throw Errors.closed();
        }
        return seen instanceof Failure ? Poll.FAILED : Poll.DROPPED;
    }

    /** Looks at the slot again, in a round that goes on. */
    final @Nullable Object lookAgain() {
        return cell.slotAcquire();
    }

    /** Looks at the slot, and settles a past ownership by a future on the way. */
    final @Nullable Object look() {
        Object seen = cell.slotAcquire();
        return seen == Mark.OWNED ? reclaim() : seen;
    }

    /**
     * Returns the waiter if it is registered now, else the outcome that was faster. No loop: only the sender
     * interferes.
     */
    final @Nullable Object register(@Nullable Object seen, Waiter waiter) {
        if (seen == waiter) {
            return waiter;
        }
        Object before = cell.slotCompareAndExchange(seen, waiter);
        return before == seen ? waiter : before;
    }

    /** Returns null if the waiter is withdrawn now, else the outcome that was faster. */
    final @Nullable Object withdraw(Waiter waiter) {
        Object before = cell.slotCompareAndExchange(waiter, null);
        return before == waiter ? null : before;
    }

    private Waiter waiterFor(Waker waker) {
        if (waiter instanceof WakerWaiter known && known.waker == waker) {
            return known;
        }
        WakerWaiter fresh = new WakerWaiter(waker);
        waiter = fresh;
        return fresh;
    }

    final ThreadWaiter waiterFor(Thread thread) {
        if (waiter instanceof ThreadWaiter known && known.thread == thread) {
            return known;
        }
        ThreadWaiter fresh = new ThreadWaiter(thread);
        waiter = fresh;
        return fresh;
    }

    // ------------------------------------------------------------------ end a round

    final T takeSlot() {
        Object seen = cell.slotAcquire();
        if (isValue(seen)) {
            return end(seen);
        }
        seen = look();
        if (Sender.isLive(seen)) {
            throw Errors.pending();
        }
        return end(seen);
    }

    /** Ends the round that has this outcome, and returns or throws it. It allocates first: that may fail. */
    @SuppressWarnings("unchecked")
    final T end(@Nullable Object outcome) {
        if (outcome != null && isValue(outcome)) {
            cell.slotTakenRelease();
            return (T) outcome;
        }
        if (outcome instanceof Failure failure) {
            SenderFailedException failed = new SenderFailedException(failure.cause);
            cell.slotTakenRelease();
            throw failed;
        }
        if (outcome == Mark.DROPPED) {
            SenderDroppedException dropped = Errors.dropped();
            cell.slotTakenRelease();
            throw dropped;
        }
        if (outcome == Mark.ITSELF) {
            cell.slotTakenRelease();
            return (T) cell;
        }
        if (outcome == Mark.CLOSED) {
            throw Errors.closed();
        }
        if (Sender.isLive(outcome)) {
            throw Errors.waiterReplaced();
        }
        throw Errors.noRound();
    }

    // ------------------------------------------------------------------ ownership by a future

    final CompletableFuture<T> futureOfSlot() {
        Object seen = look();
        if (Sender.isLive(seen)) {
            ReceiveFuture<T> future = new ReceiveFuture<>(cell);
            Sender<T> owned = new ReceiveFuture.OwnedCell<>(future);
            Waiter completer = new ReceiveFuture.FutureWaiter(future);
            seen = register(seen, completer);
            if (seen == completer) {
                cell = owned;
                return future;
            }
        }
        if (seen instanceof Failure failure) {
            return endWith(CompletableFuture.failedFuture(failure.cause));
        }
        if (seen == Mark.DROPPED) {
            return endWith(CompletableFuture.failedFuture(Errors.dropped()));
        }
        if (seen == Mark.CLOSED) {
            throw Errors.closed();
        }
        if (seen == Mark.ITSELF) {
            seen = cell;
        } else if (!isValue(seen)) {
            return CompletableFuture.failedFuture(Errors.noRound());
        }
        return endWith(completed(seen));
    }

    /** Ends the round, whose outcome is safe in the future. */
    private CompletableFuture<T> endWith(CompletableFuture<T> future) {
        cell.slotTakenRelease();
        return future;
    }

    @SuppressWarnings("unchecked")
    private static <T> CompletableFuture<T> completed(@Nullable Object value) {
        return (CompletableFuture<T>) CompletableFuture.completedFuture(value);
    }

    final ReceiveFuture<T> owner() {
        return ((ReceiveFuture.OwnedCell<T>) cell).future;
    }

    /**
     * Takes the receiver back from a future that is done. If the sender completed it, the round is over. Otherwise the
     * round goes on, and the future's waiter is withdrawn, if it still waits.
     *
     * @throws IllegalStateException if the future is pending
     */
    private @Nullable Object reclaim() {
        ReceiveFuture<T> future = owner();
        if (!future.isDone()) {
            throw Errors.owned();
        }
        cell = future.release();
        if (future.isReceived()) {
            cell.slotTakenRelease();
        }
        Object seen = cell.slotVolatile();
        return seen instanceof Waiter waiter ? withdraw(waiter) : seen;
    }

    // ------------------------------------------------------------------ words

    final boolean isClosedSlot() {
        return StandIn.isClosed(cell);
    }

    /** The state in words. Called by any thread, so it changes nothing. */
    final String describe() {
        Sender<T> cell = this.cell;
        Object seen = cell.slotAcquire();
        return seen == cell ? "no round in progress" : State.describe(seen);
    }

    /** Whether this is an outcome that was not taken. */
    final boolean isOutcome(@Nullable Object seen) {
        return isValue(seen) || seen instanceof Failure || seen == Mark.DROPPED || seen == Mark.ITSELF;
    }

    /** Whether this is a user's value, but for the rare one that {@link Mark#ITSELF} stands for. */
    private boolean isValue(@Nullable Object seen) {
        return seen != null && !(seen instanceof State) && seen != cell;
    }
}
