package io.multishot;

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
 * The future of {@link Receiver#receiveAsync()}. It remembers who completed it: if the sender did, the outcome was
 * received through the future and the round is over; if others did (a cancel, a timeout, {@code complete}), the outcome
 * belongs to the channel still.
 */
final class ReceiveFuture<T> extends CompletableFuture<T> {
    /*
     * A future is completed in one atomic step of its own, which does not tell by whom. So each party that wants to
     * complete it first takes the verdict:
     *
     *   verdict     meaning
     *   null        undecided
     *   OTHERS      somebody but the sender may complete it; the sender leaves its outcome in the channel
     *   an outcome  the sender has won; the future gets this outcome and no other
     *
     * The sender never touches the channel here. In particular it puts nothing back after losing: by then the slot may
     * belong to another round. Only the receiver's thread ends a round.
     */
    private static final VarHandle VERDICT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "verdict", VarHandle.class, ReceiveFuture.class, Object.class);

    private static final Object OTHERS = new Object();

    /**
     * The cell of the round that this future waits for; the receiver's, and touched by its thread only. It also keeps
     * the channel reachable while somebody holds the future.
     */
    private @Nullable Sender<T> cell;

    @SuppressWarnings("UnusedVariable") // accessed through VERDICT
    private @Nullable Object verdict;

    ReceiveFuture(Sender<T> cell) {
        this.cell = cell;
    }

    /** Gives the cell back to the receiver, and keeps nothing of its later rounds reachable. */
    Sender<T> release() {
        Sender<T> released = Objects.requireNonNull(cell);
        cell = null;
        return released;
    }

    /**
     * Takes the verdict for the sender and completes this future, unless others were first. Transition: null → outcome.
     * Ordering: volatile, pairs with {@link #giveWay} and {@link #isReceived}.
     */
    private void settle(Object outcome) {
        if (VERDICT.compareAndSet(this, null, outcome)) {
            finish(outcome);
        }
    }

    /**
     * Takes the verdict for anybody but the sender, before they complete this future. If the sender was first, this
     * finishes what it has begun, so that whoever is refused finds the future done. Transition: null → OTHERS.
     * Ordering: volatile, pairs with {@link #settle}.
     */
    private void giveWay() {
        Object winner = VERDICT.compareAndExchange(this, null, OTHERS);
        if (winner != null && winner != OTHERS) {
            finish(winner);
        }
    }

    /** Whether the sender completed this future. Ordering: acquire, pairs with {@link #settle}. */
    boolean isReceived() {
        Object winner = VERDICT.getAcquire(this);
        return winner != null && winner != OTHERS;
    }

    @SuppressWarnings("unchecked")
    private void finish(Object outcome) {
        if (outcome instanceof Failure failure) {
            super.completeExceptionally(failure.cause);
        } else if (outcome == Mark.DROPPED) {
            super.completeExceptionally(Errors.dropped());
        } else {
            super.complete((T) outcome);
        }
    }

    @Override
    public boolean complete(T value) {
        giveWay();
        return super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        giveWay();
        return super.completeExceptionally(cause);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        giveWay();
        return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public void obtrudeValue(T value) {
        giveWay();
        super.obtrudeValue(value);
    }

    @Override
    public void obtrudeException(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        giveWay();
        super.obtrudeException(cause);
    }

    /** Like the inherited method, which completes the future behind the back of {@link #complete}. */
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
        void signal(Object outcome) {
            future.settle(outcome);
        }
    }

    /** Stands for the cell while a future owns the receiver, so that no call needs to ask. */
    static final class OwnedCell<T> extends Sender<T> {
        final ReceiveFuture<T> future;

        OwnedCell(ReceiveFuture<T> future) {
            super(Mark.OWNED);
            this.future = future;
        }
    }
}
