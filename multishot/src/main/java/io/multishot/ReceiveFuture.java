package io.multishot;

import io.multishot.SlotState.Failure;
import io.multishot.SlotState.Sentinel;
import io.multishot.SlotState.Waiter;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The future of {@link Receiver#receiveAsync()}. It remembers who completed it. If the sender did, the outcome was
 * received through the future and the round is over. If others did (a cancel, a timeout, {@code complete}), the outcome
 * still belongs to the channel.
 */
final class ReceiveFuture<T> extends CompletableFuture<T> {
    /*
     * A future completes in one atomic step of its own, which does not tell by whom. So each party that wants to
     * complete it first takes the verdict:
     *
     *   verdict     meaning
     *   null        undecided
     *   OTHERS      a party other than the sender may complete it; the sender leaves its outcome in the channel
     *   an outcome  the sender has won; the future gets this outcome and no other
     *
     * A sender that loses puts nothing back: by then the slot may belong to another round. A sender that wins ends the
     * round in the slot of a safe cell, so that an idle receiver does not keep the value. It may do so because
     * that cell belongs to this round alone. It must not touch a recycled cell: a loser completes the future as well,
     * and then the receiver may have begun the next round. So a recycled cell keeps the value until the receiver's next
     * call.
     */
    private static final VarHandle VERDICT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "verdict", VarHandle.class, ReceiveFuture.class, Object.class);

    private static final Object OTHERS = new Object();

    /**
     * Stands for this future in the receiver. This reference keeps the channel reachable while the future is pending,
     * and is cleared afterwards, so that the future keeps no later round reachable.
     */
    private @Nullable OwnedCell<T> owned;

    @SuppressWarnings("UnusedVariable") // accessed through VERDICT
    private @Nullable Object verdict;

    ReceiveFuture(OwnedCell<T> owned) {
        this.owned = owned;
        owned.future = this; // plain: nobody else has seen either object yet
    }

    /** Lets go of the channel: by the receiver's thread when it takes the channel back, or after the completion. */
    void release() {
        owned = null;
    }

    /**
     * Takes the verdict for the sender and completes this future, unless others were first. Transition: null → outcome.
     * Ordering: volatile, pairs with {@link #decideForOthers} and {@link #isReceived}.
     */
    private void completeBySender(Object outcome) {
        // Allocates before it takes the verdict: if there is no memory, the outcome stays in the channel.
        Object verdict = outcome == Sentinel.DROPPED ? new Failure(Errors.dropped()) : outcome;
        OwnedCell<T> owned = this.owned; // null if the receiver takes the channel back meanwhile
        if (VERDICT.compareAndSet(this, null, verdict)) {
            if (owned != null && !(owned.cell instanceof Sender.Recycled)) {
                owned.cell.markTaken();
            }
            finish(verdict);
        }
    }

    /**
     * Takes the verdict for a party other than the sender, before that party completes this future. If the sender was
     * first, this method finishes what the sender has begun, so that the loser finds the future done. Transition: null
     * → OTHERS. Ordering: volatile, pairs with {@link #completeBySender}.
     */
    private void decideForOthers() {
        Object winner = VERDICT.compareAndExchange(this, null, OTHERS);
        if (winner != null && winner != OTHERS) {
            finish(winner);
        }
    }

    /** Returns whether the sender completed this future. Ordering: acquire, pairs with {@link #completeBySender}. */
    boolean isReceived() {
        Object winner = VERDICT.getAcquire(this);
        return winner != null && winner != OTHERS;
    }

    /** Completes this future for the sender, and then lets the channel forget it, with the value. */
    @SuppressWarnings("unchecked")
    private void finish(Object outcome) {
        if (outcome instanceof Failure failure) {
            super.completeExceptionally(failure.cause);
        } else {
            super.complete((T) outcome);
        }
        OwnedCell<T> owned = this.owned;
        if (owned != null) {
            owned.forgetFuture();
            release();
        }
    }

    @Override
    public boolean complete(T value) {
        decideForOthers();
        return super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        decideForOthers();
        return super.completeExceptionally(cause);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        decideForOthers();
        return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public void obtrudeValue(T value) {
        decideForOthers();
        super.obtrudeValue(value);
    }

    @Override
    public void obtrudeException(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        decideForOthers();
        super.obtrudeException(cause);
    }

    /** Does what the inherited method does, which would complete the future without calling {@link #complete}. */
    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        Objects.requireNonNull(supplier, "supplier");
        executor.execute(() -> {
            if (isDone()) {
                return;
            }
            try {
                complete(supplier.get());
            } catch (Throwable thrown) {
                completeExceptionally(thrown instanceof CompletionException ? thrown : new CompletionException(thrown));
            }
        });
        return this;
    }

    /** Completes the future on the sender's thread. */
    static final class FutureWaiter extends Waiter {
        private final ReceiveFuture<?> future;

        FutureWaiter(ReceiveFuture<?> future) {
            this.future = future;
        }

        @Override
        void onOutcome(Object outcome) {
            future.completeBySender(outcome);
        }
    }

    /** The sentinel cell while a future owns the receiver, so that no call needs to test for that. */
    static final class OwnedCell<T> extends Sender<T> {
        /** The cell of the round that the future waits for. */
        final Sender<T> cell;

        private static final VarHandle FUTURE = ConstantBootstraps.fieldVarHandle(
                MethodHandles.lookup(), "future", VarHandle.class, OwnedCell.class, ReceiveFuture.class);

        /** Null after the sender has completed the future, so that an idle receiver does not keep the value. */
        @SuppressWarnings("UnusedVariable") // read through FUTURE
        private @Nullable ReceiveFuture<T> future;

        OwnedCell(Sender<T> cell) {
            super(Sentinel.OWNED);
            this.cell = cell;
        }

        /** Returns whether the future is pending. */
        boolean isPending() {
            ReceiveFuture<T> future = future();
            return future != null && !future.isDone();
        }

        /** Returns whether the sender completed the future, which is done. */
        boolean isReceived() {
            ReceiveFuture<T> future = future();
            return future == null || future.isReceived();
        }

        /**
         * Returns the future, or null if the sender has completed it. Ordering: acquire, pairs with
         * {@link #forgetFuture}.
         */
        @SuppressWarnings("unchecked")
        @Nullable ReceiveFuture<T> future() {
            return (ReceiveFuture<T>) FUTURE.getAcquire(this);
        }

        /**
         * Transition: future → null, by each thread that has completed the future for the sender. Ordering: release,
         * pairs with {@link #future}: the round is over in a safe cell.
         */
        private void forgetFuture() {
            FUTURE.setRelease(this, null);
        }
    }
}
