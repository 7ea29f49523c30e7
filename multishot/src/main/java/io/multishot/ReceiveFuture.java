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
     * The sender never touches the channel here. In particular, a sender that loses puts nothing back: by then the slot
     * may belong to another round. Only the receiver's thread ends a round.
     */
    private static final VarHandle VERDICT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "verdict", VarHandle.class, ReceiveFuture.class, Object.class);

    private static final Object OTHERS = new Object();

    /**
     * The cell of the round that this future waits for. Only the receiver's thread touches it. It also keeps the
     * channel reachable as long as the future is.
     */
    private @Nullable Sender<T> cell;

    @SuppressWarnings("UnusedVariable") // accessed through VERDICT
    private @Nullable Object verdict;

    ReceiveFuture(Sender<T> cell) {
        this.cell = cell;
    }

    /** Returns the cell of the round that this future waits for, before {@link #release}. */
    Sender<T> cell() {
        return Objects.requireNonNull(cell);
    }

    /** Lets go of the cell, which the receiver has taken back, so that this future keeps no later round reachable. */
    void release() {
        cell = null;
    }

    /**
     * Takes the verdict for the sender and completes this future, unless others were first. Transition: null → outcome.
     * Ordering: volatile, pairs with {@link #decideForOthers} and {@link #isReceived}.
     */
    private void completeBySender(Object outcome) {
        // Allocates before it takes the verdict: if there is no memory, the outcome stays in the channel.
        Object verdict = outcome == Sentinel.DROPPED ? new Failure(Errors.dropped()) : outcome;
        if (VERDICT.compareAndSet(this, null, verdict)) {
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

    @SuppressWarnings("unchecked")
    private void finish(Object outcome) {
        if (outcome instanceof Failure failure) {
            super.completeExceptionally(failure.cause);
        } else {
            super.complete((T) outcome);
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
        final ReceiveFuture<T> future;

        OwnedCell(ReceiveFuture<T> future) {
            super(Sentinel.OWNED);
            this.future = future;
        }
    }
}
