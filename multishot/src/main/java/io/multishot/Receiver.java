package io.multishot;

import com.google.errorprone.annotations.CheckReturnValue;
import io.multishot.OverlapCheck.Visit;
import io.multishot.ReceiveFuture.FutureWaiter;
import io.multishot.ReceiveFuture.OwnedCell;
import io.multishot.SlotState.Failure;
import io.multishot.SlotState.Sentinel;
import io.multishot.SlotState.Waiter;
import io.multishot.SlotState.WakerWaiter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The reusable half of a channel. It hands out a single-use {@link Sender}, awaits what that sender does, and hands out
 * the next: one value at a time, any number of times. The time from {@link #sender()} until the outcome is taken is a
 * <em>round</em>.
 * <!-- snippet: ask -->
 *
 * <pre>{@code
 * mailbox.add(new Request(question, receiver.sender())); // begins a round
 * return receiver.receive(); // ends it
 * }</pre>
 *
 * <p><b>Who may call.</b> A receiver belongs to one task at a time, {@link #close()} included. It may be handed over
 * between calls, with any happens-before edge. In the checked mode, the second of two threads that call into a receiver
 * at once gets an {@link IllegalStateException} and the first is unaffected. Otherwise the effect of overlapping calls
 * is undefined, but they do not crash the JVM. Only {@link #toString()} may be called by any thread.
 *
 * <p><b>Progress.</b> {@link #sender()}, {@link #trySender()}, {@link #poll}, {@link #take()}, {@link #tryReceive()},
 * {@link #abandon()} and {@link #close()} are wait-free: no loop, no lock, no waiting for the sender's thread. Each
 * method states its atomic read-modify-writes; plain loads and stores are not counted. If anyone but the sender
 * completed a future, the next call makes one more, to withdraw the future's waiter.
 *
 * <p><b>Nothing is lost.</b> A value that arrived stays until it is taken: an interrupt, a timeout, a cancelled future,
 * or not polling again loses nothing. Two kinds of calls discard an outcome that was not taken: the next
 * {@link #sender()} or {@link #trySender()}, and {@link #abandon()} or {@link #close()}.
 *
 * <p><b>Memory effects.</b> Everything before the sender's {@code send}, {@code fail} or {@code drop} happens-before
 * everything after the outcome was received, or seen by {@link #poll}.
 *
 * <p><b>Garbage.</b> A round allocates its sender, 24 bytes; on a {@linkplain #recycling() recycling} receiver,
 * nothing. That holds for a round that ends with a value, and for one that was dropped and is seen through
 * {@link #poll}, provided that the same waker or the same platform thread waits as in the last wait on this receiver.
 * Exceptions, failures, another waker, futures, the stacks of virtual threads and the spare threads of a ForkJoinPool
 * whose worker waits allocate as well. An idle channel (receiver, sender, registered waiter) takes 64 bytes at most,
 * with the compressed references that are the JVM's default. A receiver keeps the waker or thread that waited last,
 * until another one waits, {@link #receiveAsync()}, {@link #abandon()} or {@link #close()}; and an outcome until it is
 * taken. A recycling one keeps an outcome that went to a future until its next call.
 *
 * <p><b>Checked mode.</b> It is on when assertions are enabled ({@code -ea}, as in every test run), or by the system
 * property {@code io.multishot.checks}, which is read once: {@code full} switches it on, {@code off} switches it off,
 * {@code leaks} switches only the detection of leaks on. In the checked mode, exceptions for misuse say where the
 * sender was made and consumed. In the checked mode and with {@code leaks}, no receiver recycles, and a sender that
 * becomes unreachable before it was used drops its round, so that the receiver sees {@link Poll#DROPPED} instead of
 * waiting forever; that is logged at level ERROR through the {@link System.Logger} named {@code io.multishot}. Two
 * kinds of leaks are not detected. One is a sender that the waiting side itself keeps reachable: from the stack of the
 * waiting thread, from the registered waker, or from a dependent of the future. The other is a receiver that is garbage
 * together with its sender, even if a task or a future that only this channel refers to was waiting for it. The checks
 * synchronize internally, on each new sender, so they may hide a data race of the program. The check against
 * overlapping calls does not: it adds no happens-before edge.
 *
 * <p><b>Closed.</b> On a closed receiver every method but {@link #close()}, {@link #isClosed()}, {@link #abandon()} and
 * {@link #toString()} throws {@link IllegalStateException}.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
@SuppressWarnings("try") // a visit is opened to be closed
public final class Receiver<T> implements AutoCloseable {
    /*
     * Only one thread at a time runs the code of this class; the sender's thread shares nothing with it but the slot of
     * the cell. Sender explains the slot.
     *
     * Three states of a receiver are rare: closed, owned by a future, and without a cell. In each of them a sentinel
     * cell takes the place of the cell, and its slot holds a Sentinel. So a call finds out by the load of the slot that
     * it makes anyway, and the common path reads no flag.
     */

    private Sender<T> cell;

    /** The waiter that was registered last, kept so that the same waker or thread needs no new one. */
    private @Nullable Waiter waiter;

    /** Used only if {@link Checks#FULL}; testing the constant costs nothing, unlike a null check. */
    private final @Nullable OverlapCheck overlap;

    /**
     * Makes a safe receiver. It makes a new sender for each round, of 24 bytes. So exactly one of all uses of a sender
     * ever succeeds, and a sender that is kept past its round touches nothing.
     */
    public Receiver() {
        this(false);
    }

    private Receiver(boolean recycling) {
        cell = Sender.Sentinels.vacant(recycling && !Checks.LEAKS);
        overlap = Checks.FULL ? new OverlapCheck() : null;
    }

    /**
     * Makes a receiver that recycles one sender forever, which saves the 24 bytes a round at a price: a holder that
     * uses its sender twice on two threads at once, or keeps it past its round, may end a later, innocent round of this
     * receiver. It is for code in which each holder uses its sender once and lets go of it. In the checked mode the
     * receiver does not recycle.
     *
     * @param <T> the type of the values
     * @return the receiver
     */
    @CheckReturnValue
    public static <T> Receiver<T> recycling() {
        return new Receiver<>(true);
    }

    // ------------------------------------------------------------------ begin a round

    /**
     * Begins the next round. Succeeds at once if the last outcome was taken. If there is an outcome that was not taken,
     * it is discarded. Wait-free; no atomic read-modify-write. Allocates the sender; a recycling receiver does so only
     * for its first round, after {@link #abandon()} has detached a sender, and if its last sender is still in flight in
     * a {@link ReplyTable} or {@link ReplyQueue} but was consumed directly.
     *
     * @return the sender of the new round
     * @throws IllegalStateException if a sender is live (give its round up with {@link #abandon()}), a future owns this
     *     receiver, or it is closed
     */
    @CheckReturnValue
    public Sender<T> sender() {
        try (Visit visit = enter()) {
            Sender<T> sender = tryBegin();
            if (sender == null) {
                throw whyNotBegun();
            }
            return sender;
        }
    }

    /**
     * Begins the next round like {@link #sender()}, unless a sender is live or a future owns this receiver. Wait-free;
     * no atomic read-modify-write.
     *
     * @return the sender of the new round, or null
     * @throws IllegalStateException if this receiver is closed
     */
    @CheckReturnValue
    public @Nullable Sender<T> trySender() {
        try (Visit visit = enter()) {
            return tryBegin();
        }
    }

    private @Nullable Sender<T> tryBegin() {
        Sender<T> cell = this.cell;
        Object seen = cell.slotAcquire();
        return seen == cell ? next(cell, seen) : tryBeginSlowPath(seen);
    }

    /** Handles the first round, an outcome that was not taken, and everything that is refused. */
    private @Nullable Sender<T> tryBeginSlowPath(@Nullable Object seen) {
        if (seen == Sentinel.OWNED) {
            if (owner().isPending()) {
                return null;
            }
            seen = takeBackFromFuture();
        }
        if (Sender.isLive(seen)) {
            return null;
        }
        if (seen == Sentinel.CLOSED) {
            throw Errors.closed();
        }
        boolean recycling = seen == Sentinel.VACANT_RECYCLING;
        return recycling || seen == Sentinel.VACANT ? begin(recycling, null) : next(cell, seen);
    }

    /**
     * Begins a round after one that has ended in this cell, its outcome taken or not. A cell that is still in flight in
     * a table or queue was consumed behind its back. It is not recycled, so its old ticket finds a sender that is
     * consumed, in whatever way the next round is used.
     */
    private Sender<T> next(Sender<T> cell, @Nullable Object seen) {
        boolean recycling = cell.getClass() == Sender.Recycled.class;
        if (recycling && !cell.isInFlight()) {
            cell.clearAbandonWaker();
            cell.slotOpenRelease();
            return cell;
        }
        return begin(recycling, seen == cell ? null : cell);
    }

    /**
     * Begins a round with a new sender, and discards the outcome of this last cell, if there is one: both or neither.
     */
    private Sender<T> begin(boolean recycling, @Nullable Sender<T> last) {
        Sender<T> handle;
        Sender<T> next;
        if (recycling) {
            next = new Sender.Recycled<>();
            handle = next;
        } else if (Checks.LEAKS) {
            CheckedSender<T> checked = CheckedSender.create();
            next = checked.cell();
            handle = checked;
        } else {
            next = new Sender<>();
            handle = next;
        }
        if (last != null) {
            last.markTaken(); // so that a stale sender keeps nothing reachable
        }
        cell = next; // what can fail comes before
        return handle;
    }

    /** Says why {@link #tryBegin} returned null. */
    private IllegalStateException whyNotBegun() {
        return cell instanceof OwnedCell ? Errors.owned() : Errors.live(cell.made());
    }

    // ------------------------------------------------------------------ poll and take

    /**
     * Returns whether this round has an outcome. If it has none, registers the waker, which replaces the waiter that
     * was registered before. A round that has ended, or was never begun, reports {@link Poll#DROPPED}. Wait-free: no
     * atomic read-modify-write if there is an outcome or the same waker polls again, else one.
     *
     * @param waker called once when there is an outcome; see {@link Waker} for what it must tolerate
     * @return the kind of the outcome, or {@link Poll#PENDING} if the waker is registered
     * @throws NullPointerException if the waker is null
     * @throws IllegalStateException if a future owns this receiver, or it is closed
     */
    @CheckReturnValue
    public Poll poll(Waker waker) {
        Objects.requireNonNull(waker, "waker");
        try (Visit visit = enter()) {
            return pollSlot(waker);
        }
    }

    private Poll pollSlot(Waker waker) {
        Object seen = cell.slotVolatile();
        if (isValue(seen)) {
            return Poll.READY;
        }
        if (seen == Sentinel.OWNED) {
            seen = takeBackFromFuture();
        }
        if (Sender.isLive(seen)) {
            seen = register(seen, waiterFor(waker));
        }
        if (seen instanceof Waiter) {
            return Poll.PENDING;
        }
        if (isValue(seen) || seen == Sentinel.ITSELF) {
            return Poll.READY;
        }
        if (seen == Sentinel.CLOSED) {
            throw Errors.closed();
        }
        return seen instanceof Failure ? Poll.FAILED : Poll.DROPPED;
    }

    /**
     * Takes the outcome that {@link #poll} has found, and ends the round. Wait-free; no atomic read-modify-write.
     *
     * @return the value
     * @throws SenderFailedException if the sender failed the round; this ends it
     * @throws SenderDroppedException if the sender was dropped, or no round is in progress; this ends it
     * @throws IllegalStateException if the outcome is pending, a future owns this receiver, or it is closed
     */
    public T take() {
        try (Visit visit = enter()) {
            return takeSlot();
        }
    }

    private T takeSlot() {
        Object seen = cell.slotAcquire();
        if (isValue(seen)) {
            return endRound(seen);
        }
        seen = load();
        if (Sender.isLive(seen)) {
            throw Errors.pending();
        }
        return endRound(seen);
    }

    /**
     * Takes the outcome and ends the round, if there is an outcome. Registers nothing. Wait-free; no atomic
     * read-modify-write.
     *
     * @return the value, or null while it is pending
     * @throws SenderFailedException as {@link #take()}
     * @throws SenderDroppedException as {@link #take()}
     * @throws IllegalStateException if a future owns this receiver, or it is closed
     */
    @CheckReturnValue
    public @Nullable T tryReceive() {
        try (Visit visit = enter()) {
            Object seen = load();
            return Sender.isLive(seen) ? null : endRound(seen);
        }
    }

    /**
     * Returns the cause of a round that has failed, and ends the round, as {@link #take()} does, but without an
     * exception. For a task that polls: after {@link Poll#FAILED}. Allocates nothing. Wait-free, no atomic
     * read-modify-write.
     *
     * @return what was given to {@link Sender#fail}
     * @throws IllegalStateException if the round has not failed, a future owns this receiver, or it is closed; nothing
     *     has changed
     */
    @CheckReturnValue
    public Throwable takeFailure() {
        try (Visit visit = enter()) {
            Object seen = load();
            if (seen instanceof Failure failure) {
                cell.markTaken();
                return failure.cause;
            }
            throw whyNotFailed(seen);
        }
    }

    private static IllegalStateException whyNotFailed(@Nullable Object seen) {
        if (Sender.isLive(seen)) {
            return Errors.pending();
        }
        return seen == Sentinel.CLOSED ? Errors.closed() : Errors.notFailed();
    }

    /** Ends the round that has this outcome, and returns or throws it. It allocates first, because that may fail. */
    @SuppressWarnings("unchecked")
    T endRound(@Nullable Object outcome) {
        if (outcome != null && isValue(outcome)) {
            cell.markTaken();
            return (T) outcome;
        }
        if (outcome instanceof Failure failure) {
            SenderFailedException failed = new SenderFailedException(failure.cause);
            cell.markTaken();
            throw failed;
        }
        if (outcome == Sentinel.DROPPED) {
            SenderDroppedException dropped = Errors.dropped();
            cell.markTaken();
            throw dropped;
        }
        if (outcome == Sentinel.ITSELF) {
            cell.markTaken();
            return (T) cell;
        }
        if (outcome == Sentinel.CLOSED) {
            throw Errors.closed();
        }
        if (Sender.isLive(outcome)) {
            throw Errors.waiterReplaced();
        }
        throw Errors.noRound();
    }

    // ------------------------------------------------------------------ receive

    /**
     * Waits for the outcome, takes it and ends the round. Parks the calling thread, platform or virtual. Before that, a
     * platform thread spins briefly, if there is more than one processor, and a virtual one yields once. No atomic
     * read-modify-write if there is an outcome; else one to register, and one to withdraw if the wait ends without an
     * outcome.
     *
     * <p>If there is an outcome, or the outcome wins the race against an interrupt, it is returned or thrown even if
     * the thread was interrupted; the interrupt flag is set then. After an {@code InterruptedException} the sender is
     * still live.
     *
     * <p>The thread replaces a waker that was registered before. If this call ends without an outcome, no waiter is
     * registered: poll again.
     *
     * @return the value
     * @throws SenderFailedException as {@link #take()}
     * @throws SenderDroppedException as {@link #take()}
     * @throws InterruptedException if the thread was interrupted before there was an outcome
     * @throws IllegalStateException if a future owns this receiver, or it is closed
     */
    public T receive() throws InterruptedException {
        try (Visit visit = enter()) {
            return endRound(awaitOutcome(true));
        }
    }

    /**
     * Waits for the outcome like {@link #receive()}, but not indefinitely. After a timeout the sender is still live:
     * wait again, or {@link #abandon()} the round. On a virtual thread of JDK 25.0.0 to 25.0.2, the wait after a
     * timeout must have a timeout too: without one it may never end (JDK-8369227).
     *
     * @param timeout how long to wait; zero or negative loads the slot once; more than 292 years is taken as 292 years
     * @return the value
     * @throws SenderFailedException as {@link #take()}
     * @throws SenderDroppedException as {@link #take()}
     * @throws InterruptedException if the thread was interrupted before there was an outcome
     * @throws TimeoutException if the time was up before there was an outcome
     * @throws NullPointerException if the timeout is null
     * @throws IllegalStateException if a future owns this receiver, or it is closed
     */
    public T receive(Duration timeout) throws InterruptedException, TimeoutException {
        long nanos = TimeUnit.NANOSECONDS.convert(Objects.requireNonNull(timeout, "timeout"));
        try (Visit visit = enter()) {
            Object seen = load();
            if (Sender.isLive(seen)) {
                if (ThreadWaiter.await(this, null, 0, true, true, nanos) == ThreadWaiter.NONE) {
                    throw Errors.timeout(timeout);
                }
                seen = cell.slotAcquire();
            }
            return endRound(seen);
        }
    }

    /**
     * Waits for the outcome like {@link #receive()}, but ignores interrupts: if the thread was interrupted, its
     * interrupt flag is set again on return.
     *
     * @return the value
     * @throws SenderFailedException as {@link #take()}
     * @throws SenderDroppedException as {@link #take()}
     * @throws IllegalStateException if a future owns this receiver, or it is closed
     */
    public T receiveUninterruptibly() {
        try (Visit visit = enter()) {
            return endRound(awaitOutcome(false));
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private @Nullable Object awaitOutcome(boolean interruptible) throws InterruptedException {
        Object seen = load();
        if (Sender.isLive(seen)) {
            ThreadWaiter.await(this, null, 0, interruptible, false, 0);
            seen = cell.slotAcquire();
        }
        return seen;
    }

    // ------------------------------------------------------------------ receive through a future

    /**
     * Returns the outcome as a future, for code that composes futures. The future completes on the sender's thread,
     * with the value, with the very cause given to {@link Sender#fail}, or with a {@link SenderDroppedException}; that
     * ends the round. If there is an outcome already, the future is complete.
     *
     * <p>Until the future is done this receiver belongs to it: other receiving calls and {@link #sender()} throw
     * {@link IllegalStateException}, {@link #trySender()} returns null. If the future is cancelled, times out or is
     * completed by others first, the outcome stays in the channel, unread. {@link #abandon()} and {@link #close()}
     * cancel a pending future. If an attempt to complete the future loses to the sender by a moment, it finishes what
     * the sender has begun, so dependents of the future may run on the thread that made the attempt. Wait-free; one
     * atomic read-modify-write to register; allocates.
     *
     * <p>Cancelling a future that is derived from this one, by {@link CompletableFuture#thenApply thenApply} for
     * example, does not cancel this one, which then receives the value for nobody. A dependent that begins the next
     * round runs inside the last one if the answer is sent there and then, each deeper in the stack; a {@link Task}
     * does not.
     *
     * @return the future
     * @throws IllegalStateException if another future owns this receiver, or it is closed
     */
    @CheckReturnValue
    public CompletableFuture<T> receiveAsync() {
        try (Visit visit = enter()) {
            return futureOfSlot();
        }
    }

    private CompletableFuture<T> futureOfSlot() {
        Object seen = load();
        if (Sender.isLive(seen)) {
            OwnedCell<T> owned = new OwnedCell<>(cell);
            ReceiveFuture<T> future = new ReceiveFuture<>(owned);
            Waiter completer = new FutureWaiter(future);
            seen = register(seen, completer);
            if (seen == completer) {
                cell = owned;
                waiter = null;
                return future;
            }
        }
        if (seen instanceof Failure failure) {
            return endRoundWith(CompletableFuture.failedFuture(failure.cause));
        }
        if (seen == Sentinel.DROPPED) {
            return endRoundWith(CompletableFuture.failedFuture(Errors.dropped()));
        }
        if (seen == Sentinel.CLOSED) {
            throw Errors.closed();
        }
        if (seen == Sentinel.ITSELF) {
            seen = cell;
        } else if (!isValue(seen)) {
            return CompletableFuture.failedFuture(Errors.noRound());
        }
        return endRoundWith(completed(seen));
    }

    /** Ends the round. Its outcome is in the future already. */
    private CompletableFuture<T> endRoundWith(CompletableFuture<T> future) {
        cell.markTaken();
        waiter = null;
        return future;
    }

    @SuppressWarnings("unchecked")
    private static <T> CompletableFuture<T> completed(@Nullable Object value) {
        return (CompletableFuture<T>) CompletableFuture.completedFuture(value);
    }

    private OwnedCell<T> owner() {
        return (OwnedCell<T>) cell;
    }

    /**
     * Takes the receiver back from a future that is done. If the sender completed it, the round is over. Otherwise the
     * round goes on, and the future's waiter is withdrawn, if it is still registered.
     *
     * @throws IllegalStateException if the future is pending
     */
    private @Nullable Object takeBackFromFuture() {
        OwnedCell<T> owned = owner();
        if (owned.isPending()) {
            throw Errors.owned();
        }
        if (owned.isReceived()) {
            owned.cell.markTaken();
        }
        release(owned); // last: if anything before this fails, the next call finds the same
        Object seen = cell.slotVolatile();
        return seen instanceof Waiter waiter ? withdraw(waiter) : seen;
    }

    /** Gets the cell back, and makes the future let go of it. */
    private void release(OwnedCell<T> owned) {
        ReceiveFuture<T> future = owned.future();
        cell = owned.cell;
        if (future != null) {
            future.release();
        }
    }

    // ------------------------------------------------------------------ abandon and close

    /**
     * Gives this round up. A live sender is <em>detached</em>: it returns {@code false} from every use from now on, its
     * {@link Sender#isAbandoned()} is true, and the waker of its {@link Sender#onAbandon} is called. A pending future
     * is cancelled; if the sender completed it first, its outcome counts as received. An outcome that was not taken is
     * discarded. Afterwards {@link #sender()} succeeds at once; even a recycling receiver allocates a new sender if one
     * was detached. Wait-free; two atomic read-modify-writes if a sender is live, else none; plus those of the future
     * that it cancels. The waker, and the dependents of a future that it cancels, run in this call, last.
     *
     * @return true if a live sender was detached
     */
    public boolean abandon() {
        return giveUp(false);
    }

    /**
     * Gives this round up, as {@link #abandon()} does, and all later ones. Idempotent. Notifies no waiter: to stop a
     * thread that is parked in this receiver, interrupt it. Wait-free.
     */
    @Override
    public void close() {
        giveUp(true);
    }

    private boolean giveUp(boolean forGood) {
        Sender<T> left;
        boolean detached;
        ReceiveFuture<T> future = null;
        try (Visit visit = enter()) {
            if (Sender.Sentinels.isClosed(cell)) {
                return false;
            }
            if (cell instanceof OwnedCell) {
                // So that the future is let go if, and only if, it is cancelled.
                StackRoom.ensure(StackRoom.TO_USE_SENDER);
                future = owner().future();
                release(owner());
            }
            left = cell;
            detached = leaveCell();
            waiter = null;
            if (forGood) {
                cell = Sender.Sentinels.closed();
            }
        }
        // After the visit: these run user code, which may use this receiver, on this thread or on another one.
        if (detached) {
            left.markDetached();
        }
        if (future != null) {
            // If the sender was first, this finishes what the sender has begun. Then the slot held its outcome, and no
            // sender was detached.
            future.cancel(false);
        }
        return detached;
    }

    /** Abandons a live cell, or discards the outcome. Returns true if the cell was live. */
    private boolean leaveCell() {
        Sender<T> cell = this.cell;
        Object seen = cell.slotAcquire();
        if (Sender.isLive(seen)) {
            // So that the sender is abandoned if, and only if, it is detached.
            StackRoom.ensure(StackRoom.TO_NOTIFY);
            // Let go of the cell first: what a late sender puts there is never read.
            this.cell = Sender.Sentinels.vacant(cell.getClass() == Sender.Recycled.class);
            boolean abandoned = false;
            try {
                abandoned = cell.abandon(seen);
            } finally {
                if (!abandoned) {
                    this.cell = cell; // the sender was faster, or the stack is too short for the call
                }
            }
            if (abandoned) {
                return true;
            }
        } else if (seen == Sentinel.VACANT || seen == Sentinel.VACANT_RECYCLING) {
            return false;
        }
        cell.markTaken();
        return false;
    }

    /**
     * Returns whether this receiver was closed. Wait-free.
     *
     * @return true after {@link #close()}
     */
    @CheckReturnValue
    public boolean isClosed() {
        try (Visit visit = enter()) {
            return Sender.Sentinels.isClosed(cell);
        }
    }

    /** Describes the state in words, for people; the format may change. Any thread may call it. */
    @Override
    public String toString() {
        Sender<T> cell = this.cell;
        Object seen = cell.slotAcquire();
        return "Receiver[" + (seen == cell ? "no round in progress" : SlotState.describe(seen)) + "]";
    }

    // ------------------------------------------------------------------ load the slot

    /** Loads the slot, and first takes the receiver back from a future that is done. */
    @Nullable Object load() {
        Object seen = cell.slotAcquire();
        return seen == Sentinel.OWNED ? takeBackFromFuture() : seen;
    }

    /** Loads the slot of a round that goes on, and returns whether there is an outcome. */
    boolean hasOutcome() {
        return isOutcome(cell.slotAcquire());
    }

    /** Returns whether this is an outcome that was not taken. */
    boolean isOutcome(@Nullable Object seen) {
        return isValue(seen) || seen instanceof Failure || seen == Sentinel.DROPPED || seen == Sentinel.ITSELF;
    }

    /** Returns whether this is a user's value, but for the rare one that {@link Sentinel#ITSELF} stands for. */
    private boolean isValue(@Nullable Object seen) {
        return seen != null && !(seen instanceof SlotState) && seen != cell;
    }

    // ------------------------------------------------------------------ register and withdraw waiters

    /**
     * Returns the waiter if it is registered now, else the outcome that was faster. It does not loop, because only the
     * sender interferes.
     */
    @Nullable Object register(@Nullable Object seen, Waiter waiter) {
        if (seen == waiter) {
            return waiter;
        }
        Object before = cell.slotCompareAndExchange(seen, waiter);
        return before == seen ? waiter : before;
    }

    /** Returns null if the waiter is withdrawn now, else the outcome that was faster. */
    @Nullable Object withdraw(Waiter waiter) {
        Object before = cell.slotCompareAndExchange(waiter, null);
        return before == waiter ? null : before;
    }

    /** Registers the current thread, unless there is an outcome. Returns whether there is one. */
    boolean registerThread(Thread current) {
        Object seen = cell.slotAcquire();
        if (Sender.isLive(seen)) {
            seen = register(seen, waiterFor(current));
        }
        return isOutcome(seen);
    }

    /** Withdraws the current thread, if it is registered. Returns whether there is an outcome, which may be faster. */
    boolean withdrawThread(Thread current) {
        Object seen = cell.slotAcquire();
        if (seen instanceof ThreadWaiter waiter && waiter.thread == current) {
            seen = withdraw(waiter);
        }
        return isOutcome(seen);
    }

    /** Returns whether this thread is registered. */
    boolean isAwaitedBy(Thread thread) {
        return cell.slotAcquire() instanceof ThreadWaiter waiter && waiter.thread == thread;
    }

    private Waiter waiterFor(Waker waker) {
        if (waiter instanceof WakerWaiter known && known.waker == waker) {
            return known;
        }
        WakerWaiter fresh = new WakerWaiter(waker);
        waiter = fresh;
        return fresh;
    }

    ThreadWaiter waiterFor(Thread thread) {
        if (waiter instanceof ThreadWaiter known && known.thread == thread) {
            return known;
        }
        ThreadWaiter fresh = new ThreadWaiter(thread);
        waiter = fresh;
        return fresh;
    }

    // ------------------------------------------------------------------ the checked mode

    /** Opens a visit of the current thread; null if there is nothing to close: unchecked, or nested in an open one. */
    @Nullable Visit enter() {
        return Checks.FULL ? checkedOverlap().enter() : null;
    }

    private OverlapCheck checkedOverlap() {
        return Objects.requireNonNull(overlap);
    }
}
