package io.multishot;

import com.google.errorprone.annotations.CheckReturnValue;
import io.multishot.SlotState.Failure;
import io.multishot.SlotState.Sentinel;
import io.multishot.SlotState.Waiter;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The single-use half of a channel, made by {@link Receiver#sender()}.
 *
 * <p>One call of {@link #send}, {@link #fail} or {@link #drop} <em>consumes</em> the sender and gives the round its
 * outcome; {@link #sendFrom} computes first. All of them may be called from any thread. They take one atomic
 * read-modify-write, without waiting. Then they notify the waiter, if one is registered; what the waiter does is its
 * own cost.
 *
 * <p><b>Progress.</b> The read-modify-write is a compare-and-set from what was loaded. It fails only if another use was
 * first, which ends the call, or if the receiver registered or withdrew a waiter between the load and the
 * compare-and-set; then it is tried again. So a call takes at most one more attempt for each registration and
 * withdrawal that the receiver makes during the call: it is lock-free. A receiver that just waits makes at most one of
 * each. On a {@linkplain Receiver#recycling() recycling} receiver {@code send}, {@code fail} and {@code drop} exchange
 * the outcome instead, and are <b>wait-free</b>.
 *
 * <p><b>Memory effects.</b> Everything before the consuming call happens-before everything after the outcome was
 * received, or seen by {@link Receiver#poll}. Everything before {@link Receiver#sender()} happens-before what the
 * holder does next, if the sender was handed to it safely. If it was handed over through a data race, no value is lost,
 * but no user data is promised to be visible.
 *
 * <p><b>Second use.</b> At most one use of a sender succeeds, on however many threads: the first, unless the sender is
 * detached. Every other throws {@link IllegalStateException}, or returns {@code false} from {@link #trySend},
 * {@link #tryFail} and {@link #tryDrop}. A sender that is kept past its round touches nothing. A sender is
 * <em>detached</em> when its round is {@linkplain Receiver#abandon() abandoned}, or its receiver closed, while it is
 * live. A detached sender answers every use with {@code false}, any number of times.
 *
 * <p>A {@linkplain Receiver#recycling() recycling} receiver hands out the same object again and again, so it can
 * promise less. A second use in the same round throws. Uses of {@code send}, {@code fail} or {@code drop} that overlap
 * on two threads, and references that are kept past their round, are the holder's bug, as with a pooled buffer.
 *
 * <p>A sender is deliberately not {@link AutoCloseable}: a recycled one must not be touched after its use, and a
 * {@code try} block would do just that. {@link #sendFrom} is the scope that never forgets its sender.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
public sealed class Sender<T> permits Sender.Recycled, CheckedSender, CheckedSender.Cell, ReceiveFuture.OwnedCell {
    /*
     * The slot
     *
     * The sender is also the cell that the two halves share, and one reference in it is the whole channel:
     *
     *   slot            seen by    meaning
     *   null (OPEN)     both       the sender is live, nobody waits
     *   a Waiter        both       the sender is live, this waiter is to be notified
     *   a value         receiver   the sender was consumed, the value awaits
     *   a Failure       receiver   the sender was consumed by fail
     *   DROPPED         receiver   the sender was consumed without a value
     *   the cell        receiver   TAKEN: no round is in progress
     *   ABANDONED       sender     the receiver has let go of this cell and never reads or recycles it again
     *
     * OPEN is null so that a new cell is born open: even a thread that got it through a data race finds it open.
     *
     * Who may write: while the slot is OPEN or holds a Waiter, both sides write by a CAS. Once the slot holds an
     * outcome, only the receiver writes, by release stores. The receiver's CAS fails only if the sender is done, so the
     * receiver never loops. The sender's CAS fails if another use was first, or if the receiver has changed the waiter
     * since the sender's load; then the sender tries again. Only calls of the receiver change the waiter, so there are
     * at most as many attempts as the receiver registered and withdrew waiters during the send, and one more.
     *
     * The cell of a safe receiver lives for one round. The cell of a recycling receiver is used again: the receiver
     * stores OPEN over the last outcome. Its sender uses an exchange instead of the CAS. The exchange cannot fail, so
     * this sender never loops; but it cannot tell a stale use from the present one, either.
     *
     * After its CAS or exchange the sender touches nothing of the channel: it has the waiter to notify in its hand.
     * Hence the receiver may go on, and recycle the cell, as soon as it sees an outcome in it, however long the
     * sender's thread takes to finish its call. (Reusable promises fail here if their completer returns to the object
     * after it has published the result: by then the object may have been rented again.)
     *
     * Abandonment
     *
     * A second reference says what the cell knows of its abandonment:
     *
     *   abandonment   meaning
     *   null          no waker is registered
     *   a Waker       the one that was registered last
     *   DETACHED      the receiver has left, and has taken the waker that was here
     *
     * Only the receiver writes DETACHED, by an exchange, after it has put ABANDONED into the slot; so the waker of a
     * sender that was consumed before is never called. The sender's side replaces wakers by CAS, so it never overwrites
     * DETACHED. Each waker thus comes back from the receiver's exchange, or its registration finds DETACHED, or it was
     * replaced: it is called once at most, and neither side loops.
     *
     * A late sender may overwrite ABANDONED in the slot for a moment; DETACHED is final.
     *
     * All accesses are in the named methods at the end of this class.
     */
    private static final VarHandle SLOT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "slot", VarHandle.class, Sender.class, Object.class);

    private static final VarHandle ABANDONMENT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "abandonment", VarHandle.class, Sender.class, Object.class);

    private static final Object DETACHED = "DETACHED";

    @SuppressWarnings("UnusedVariable") // accessed through SLOT
    private @Nullable Object slot;

    private @Nullable Object abandonment;

    /**
     * Belongs to the {@link ReplyTable} or queue that the sender was opened in last, and is never read by its own
     * channel, except for the sign bit: that is set while the sender is in flight. The other bits are the slot to which
     * the sender has an affinity, plus one; 0 is none. Plain: the holder of the sender writes it, or the winner of its
     * ticket before it uses the sender. It fills a gap in the object, given headers of 12 bytes, which are the JVM's
     * default.
     */
    int tableState;

    Sender() {}

    /** Makes a sentinel cell. It never becomes part of a channel: it stands for a rare state of the receiver. */
    Sender(Sentinel state) {
        slot = state;
    }

    // ------------------------------------------------------------------ public API

    /**
     * Hands the value over and notifies the receiver, if it waits. Consumes the sender. One atomic read-modify-write;
     * see <em>Progress</em> in {@link Sender}.
     *
     * @param value the value
     * @return true if the value was handed over; false if it is not wanted, because the round was abandoned or the
     *     receiver closed; then the caller keeps it
     * @throws NullPointerException if the value is null; the sender is not consumed
     * @throws IllegalStateException if the sender is already consumed
     */
    public final boolean send(T value) {
        return consume(Objects.requireNonNull(value, "value"));
    }

    /**
     * Ends the round with a failure: the receiver gets a {@link SenderFailedException} with this cause. Consumes the
     * sender. One atomic read-modify-write, as {@link #send}; allocates.
     *
     * @param cause why there is no value
     * @return true if the failure was handed over; false if the round was abandoned or the receiver closed
     * @throws NullPointerException if the cause is null; the sender is not consumed
     * @throws IllegalStateException if the sender is already consumed; the cause is
     *     {@linkplain Throwable#getSuppressed() suppressed} in it
     */
    public final boolean fail(Throwable cause) {
        return consumeBy(new Failure(Objects.requireNonNull(cause, "cause")));
    }

    /**
     * Ends the round without a value: the receiver gets a {@link SenderDroppedException}. Consumes the sender. One
     * atomic read-modify-write, as {@link #send}; allocates nothing.
     *
     * @return true if the receiver will see the drop; false if it gave the round up before
     * @throws IllegalStateException if the sender is already consumed
     */
    public final boolean drop() {
        return consume(Sentinel.DROPPED);
    }

    /**
     * Hands the value over like {@link #send}, but returns false if the sender is already consumed. So parties that
     * race for one sender, such as a reply and a timer, need no {@code catch}: exactly one of their calls succeeds.
     * Lock-free; one atomic read-modify-write, and one more for each registration and withdrawal that the receiver
     * makes during the call.
     *
     * <p>On a {@linkplain Receiver#recycling() recycling} receiver these three may race only with each other, and only
     * within one round. Later, the same object belongs to the next round.
     *
     * @param value the value
     * @return true if the value was handed over; false if it is not wanted or the sender is already consumed; then the
     *     caller keeps it
     * @throws NullPointerException if the value is null; the sender is not consumed
     */
    public final boolean trySend(T value) {
        return tryConsume(Objects.requireNonNull(value, "value"));
    }

    /**
     * Ends the round with a failure like {@link #fail}, but returns false if the sender is already consumed. Progress
     * and limits are those of {@link #trySend}; allocates.
     *
     * @param cause why there is no value
     * @return true if the failure was handed over; false if it is not wanted or the sender is already consumed
     * @throws NullPointerException if the cause is null; the sender is not consumed
     */
    public final boolean tryFail(Throwable cause) {
        return tryConsume(new Failure(Objects.requireNonNull(cause, "cause")));
    }

    /**
     * Ends the round without a value like {@link #drop}, but returns false if the sender is already consumed. Progress
     * and limits are those of {@link #trySend}; allocates nothing.
     *
     * @return true if the receiver will see the drop; false if it gave the round up or the sender is already consumed
     */
    public final boolean tryDrop() {
        return tryConsume(Sentinel.DROPPED);
    }

    /**
     * Computes the value on this thread and sends it. If the work throws, the round <em>fails</em> with the exception,
     * and the exception is rethrown as it is. So the receiver never waits in vain for work that went wrong. Consumes
     * the sender. One atomic read-modify-write, as {@link #send}, besides the work's own. Work that is not wanted is
     * not begun: an abandoned round returns false at once, a consumed sender throws at once, unless the sender is
     * consumed, or its round given up, while the work is starting. If there is no memory for the failure, the round is
     * dropped instead.
     *
     * @param work computes the value; it must not consume this sender
     * @return true if the value was handed over; false if it is not wanted
     * @throws NullPointerException if the work is null; the sender is not consumed. If the work returns null; that is a
     *     failure like any other
     * @throws IllegalStateException if the sender is already consumed. If the work throws as well, its exception is
     *     thrown and this one is {@linkplain Throwable#getSuppressed() suppressed} in it
     */
    public final boolean sendFrom(Callable<? extends T> work) {
        Objects.requireNonNull(work, "work");
        if (!isWanted()) {
            return false;
        }
        T value;
        try {
            value = Objects.requireNonNull(work.call(), "the work returned null");
        } catch (Throwable thrown) {
            failWith(thrown);
            throw Errors.<RuntimeException>asItIs(thrown);
        }
        return send(value);
    }

    /**
     * Returns whether the receiver gave this round up, so that work on the value can stop. Ask before the sender is
     * consumed: after that the answer is unspecified. Once true, it stays true. Wait-free: one load. Any thread.
     *
     * @return true if a value is no longer wanted
     */
    @CheckReturnValue
    public boolean isAbandoned() {
        return !isLive(slotAcquire());
    }

    /**
     * Registers a waker that is called when the receiver gives this round up, so that work on it can stop. The waker is
     * called once, on the receiver's thread, as the last step of {@link Receiver#abandon()} or
     * {@link Receiver#close()}. If the round was given up before, this method calls it. If the sender was consumed
     * before, it is never called. A later registration replaces an earlier one. Wait-free; one atomic
     * read-modify-write. Any thread may call this, but not after the sender's use: on a recycled sender that would
     * register with the next round.
     *
     * <p>Each round begins without a waker, and the channel keeps the waker reachable for its round. (In the checked
     * mode, a leaked sender that its own waker refers to goes unnoticed.) Everything before {@code abandon()}, and
     * everything before this call, happens-before the waker's run. The waker must not block. If it throws, neither side
     * is disturbed, see {@link Waker}.
     *
     * @param waker what to call
     * @throws NullPointerException if the waker is null
     */
    public void onAbandon(Waker waker) {
        Objects.requireNonNull(waker, "waker");
        Object seen = abandonmentAcquire();
        if (seen == DETACHED || abandonmentCompareAndExchange(seen, waker) == DETACHED) {
            callAbandonWaker(waker);
        }
        // Otherwise it is registered, or a concurrent registration replaced it at once.
    }

    /** Describes the state in words, for people; the format may change. */
    @Override
    public String toString() {
        return "Sender[" + describe() + "]";
    }

    private String describe() {
        Object seen = slotAcquire();
        if (seen == Sentinel.ABANDONED || isDetached()) {
            return "detached";
        }
        if (seen == null) {
            return "live";
        }
        if (seen instanceof Waiter) {
            return "live, the receiver waits";
        }
        return seen == this ? "consumed, outcome taken" : "consumed";
    }

    // ------------------------------------------------------------------ the sender's side

    /** Gives the round its outcome. Returns false if the cell is detached, and throws if the sender is consumed. */
    boolean consume(Object outcome) {
        Object before = consumeSlot(outcome == this ? Sentinel.ITSELF : outcome);
        return isLive(before) ? notifyWaiter(before, outcome) : refuse(before);
    }

    /** Gives the round its outcome. Returns false if the cell is detached or the sender is consumed. */
    boolean tryConsume(Object outcome) {
        Object before = consumeSlot(outcome == this ? Sentinel.ITSELF : outcome);
        return isLive(before) && notifyWaiter(before, outcome);
    }

    /**
     * Puts the outcome into the slot, if that is live. Returns what was there before: if it is live, the sender is
     * consumed now; if not, nothing has changed. It loops once for each registration or withdrawal that the receiver
     * makes meanwhile.
     */
    final @Nullable Object consumeSlot(Object outcome) {
        Object seen = slotAcquire();
        while (isLive(seen)) {
            StackRoom.ensureToNotify(seen);
            Object before = slotCompareAndExchange(seen, outcome);
            if (before == seen) {
                return seen;
            }
            seen = before;
        }
        return seen;
    }

    static boolean notifyWaiter(@Nullable Object before, Object outcome) {
        if (before instanceof Waiter waiter) {
            waiter.notifyOf(outcome);
        }
        return true;
    }

    /** Returns false if this sender is detached; otherwise it is consumed, and this throws. */
    final boolean refuse(@Nullable Object seen) {
        if (seen == Sentinel.ABANDONED || isDetached()) {
            return false;
        }
        throw alreadyConsumed();
    }

    IllegalStateException alreadyConsumed() {
        return Errors.alreadyConsumed();
    }

    /** Returns whether work on a value makes sense. Throws if the sender is consumed. */
    boolean isWanted() {
        Object seen = slotAcquire();
        return isLive(seen) || refuse(seen);
    }

    /** Ends the round with this failure, as {@link #fail} does. */
    final boolean consumeBy(Failure failure) {
        try {
            return consume(failure);
        } catch (IllegalStateException consumed) {
            Errors.suppress(consumed, failure.cause);
            throw consumed;
        }
    }

    /** Fails the round, or drops it if there is no memory for the failure. */
    private void failWith(Throwable thrown) {
        try {
            tryFailOrSuppress(thrown);
        } catch (Throwable noMemory) {
            tryDrop();
        }
    }

    private void tryFailOrSuppress(Throwable thrown) {
        try {
            consume(new Failure(thrown));
        } catch (IllegalStateException consumed) {
            Errors.suppress(thrown, consumed);
        }
    }

    static boolean isLive(@Nullable Object seen) {
        return seen == null || seen instanceof Waiter;
    }

    // ------------------------------------------------------------------ the side of tables and queues

    /** Throws, before anything has changed, if this sender is consumed, detached or in flight. */
    final void requireFitForFlight() {
        if (!isWanted()) {
            throw Errors.detached();
        }
        if (isInFlight()) {
            throw Errors.inFlight();
        }
    }

    /** Returns whether this sender was opened in a table or queue, and its request was not claimed there yet. */
    final boolean isInFlight() {
        return tableState < 0;
    }

    /** Marks this sender, before its request can be claimed. */
    final void markInFlight() {
        tableState |= Integer.MIN_VALUE;
    }

    /** Takes the mark away again: after the claim, and before the use that ends the round. */
    final void clearInFlight() {
        tableState &= Integer.MAX_VALUE;
    }

    // ------------------------------------------------------------------ the receiver's side

    /** Ends the round: lets go of its waker and its outcome. */
    final void markTaken() {
        clearAbandonWaker();
        slotTakenRelease();
    }

    /** Abandons this live cell, up to {@link #markDetached}; returns false if the sender was faster. */
    final boolean abandon(@Nullable Object seen) {
        return slotCompareAndExchange(seen, Sentinel.ABANDONED) == seen;
    }

    /** Marks the abandoned cell as detached for good, and calls the waker of {@link #onAbandon}. */
    void markDetached() {
        if (abandonmentGetAndSetDetached() instanceof Waker waker) {
            callAbandonWaker(waker);
        }
    }

    private static void callAbandonWaker(Waker waker) {
        try {
            waker.wake();
        } catch (Throwable thrown) {
            Waiter.reportUncaught(thrown);
        }
    }

    /** Returns where this sender was made, if that is known: in the checked mode. */
    @Nullable UseRecord made() {
        return null;
    }

    // ------------------------------------------------------------------ accesses to the slot

    /**
     * The sender's loads, and every load of the receiver but those of poll and after a future. Ordering: acquire, pairs
     * with {@link #slotCompareAndExchange} and {@link #slotGetAndSet}.
     */
    final @Nullable Object slotAcquire() {
        return SLOT.getAcquire(this);
    }

    /**
     * The receiver's load in poll. Ordering: volatile, because it may be the second half of a Dekker pair: a waker that
     * sets a flag of its own lets the task clear the flag, then poll. An acquire load could be ordered before the store
     * that clears the flag, and the wake-up would be lost, on weakly ordered hardware only.
     */
    final @Nullable Object slotVolatile() {
        return SLOT.getVolatile(this);
    }

    /**
     * Transition: OPEN or Waiter → outcome, or over ABANDONED or an older outcome by a stale use; sender of a recycling
     * receiver only. Ordering: volatile. Its release half publishes the value to the receiver's loads. Its acquire half
     * makes the content of the Waiter visible, which {@link #slotCompareAndExchange} published.
     */
    final @Nullable Object slotGetAndSet(Object state) {
        return SLOT.getAndSet(this, state);
    }

    /**
     * Transitions: OPEN or Waiter → outcome, by the sender. OPEN → Waiter, Waiter → other Waiter, Waiter → OPEN, OPEN
     * or Waiter → ABANDONED, by the receiver. Ordering: volatile. Its release half publishes the value to the
     * receiver's loads, and the Waiter to the sender's CAS or exchange. Its acquire half makes the content of the
     * Waiter visible that the sender takes, and that of the outcome which the receiver's CAS returns when it fails.
     */
    final @Nullable Object slotCompareAndExchange(@Nullable Object expected, @Nullable Object state) {
        return SLOT.compareAndExchange(this, expected, state);
    }

    /**
     * Transition: outcome → TAKEN; by the receiver, which has exclusive access then, and in a safe cell by the thread
     * that has given the outcome to a future. Ordering: release, pairs with {@link #slotAcquire}. TAKEN is the cell
     * itself: a reference that stays within one object costs a collector like G1 no barrier.
     */
    final void slotTakenRelease() {
        SLOT.setRelease(this, this);
    }

    /**
     * Transition: outcome of a late sender → ABANDONED again; sender only. Ordering: release, pairs with
     * {@link #slotAcquire}.
     */
    final void slotSetRelease(Object state) {
        SLOT.setRelease(this, state);
    }

    /**
     * Transition: any consumed state → OPEN; receiver only, which has exclusive access then. Ordering: release, pairs
     * with the sender's {@link #slotAcquire}, {@link #slotCompareAndExchange} and {@link #slotGetAndSet}: what the
     * receiver did with the last value comes before the next use of this cell. The fence orders this store before even
     * a plain store that hands the sender over: a thread that gets it through a data race finds it open.
     */
    final void slotOpenRelease() {
        SLOT.setRelease(this, null);
        VarHandle.storeStoreFence();
    }

    // ------------------------------------------------------------------ accesses to the abandonment

    /**
     * Transition: Waker → null; receiver only, which has exclusive access to the cell, before its next round or for
     * good. Ordering: plain, both accesses. The load that found the outcome comes before, the release store of OPEN
     * after.
     */
    final void clearAbandonWaker() {
        if (abandonment != null) {
            abandonment = null;
        }
    }

    /** Returns whether the receiver has left for good. Once true, it stays true. */
    boolean isDetached() {
        return abandonmentAcquire() == DETACHED;
    }

    /** Ordering: acquire, pairs with {@link #abandonmentGetAndSetDetached}: what the receiver did before is visible. */
    private @Nullable Object abandonmentAcquire() {
        return ABANDONMENT.getAcquire(this);
    }

    /**
     * Transition: null or Waker → Waker; sender's side only. It fails if the receiver was faster, or another
     * registration. Ordering: volatile. Its release half publishes the waker to {@link #abandonmentGetAndSetDetached}.
     * Its acquire half is that of {@link #abandonmentAcquire}.
     */
    private @Nullable Object abandonmentCompareAndExchange(@Nullable Object expected, Waker waker) {
        return ABANDONMENT.compareAndExchange(this, expected, waker);
    }

    /**
     * Transition: null or Waker → DETACHED; receiver only, once, after ABANDONED is in the slot. Ordering: volatile.
     * Its acquire half makes the content of the waker visible. Its release half pairs with {@link #abandonmentAcquire}.
     */
    private @Nullable Object abandonmentGetAndSetDetached() {
        return ABANDONMENT.getAndSet(this, DETACHED);
    }

    // ------------------------------------------------------------------ kinds of cells

    /** A sender that its receiver recycles: the same object round after round. */
    static final class Recycled<T> extends Sender<T> {
        /**
         * Gives the round its outcome by an exchange. The load before it is what makes a second use harmless: it throws
         * before anything has changed. A Waiter that was loaded may be withdrawn before the exchange; that is still a
         * send.
         */
        @Override
        boolean consume(Object outcome) {
            Object seen = slotAcquire();
            StackRoom.ensureToNotify(seen);
            return isLive(seen) ? exchange(outcome) : refuse(seen);
        }

        /**
         * Makes the one exchange. Then the slot is not touched again, unless the receiver has let go of it for good.
         */
        boolean exchange(Object outcome) {
            Object before = slotGetAndSet(outcome == this ? Sentinel.ITSELF : outcome);
            if (isLive(before)) {
                return notifyWaiter(before, outcome);
            }
            if (before == Sentinel.ABANDONED) {
                slotSetRelease(Sentinel.ABANDONED);
                return false;
            }
            if (isDetached()) {
                return false;
            }
            throw Errors.consumedMeanwhile();
        }
    }

    /** The sentinel cells that take the place of a receiver's cell. They carry no value, so each serves all types. */
    static final class Sentinels {
        private static final Sender<?> VACANT = new Sender<>(Sentinel.VACANT);
        private static final Sender<?> VACANT_RECYCLING = new Sender<>(Sentinel.VACANT_RECYCLING);
        private static final Sender<?> CLOSED = new Sender<>(Sentinel.CLOSED);

        private Sentinels() {}

        /** Stands for no cell: there is none yet, or it was let go. The next round needs a new one, of this kind. */
        static <T> Sender<T> vacant(boolean recycling) {
            return cast(recycling ? VACANT_RECYCLING : VACANT);
        }

        /** Stands for no cell any more. */
        static <T> Sender<T> closed() {
            return cast(CLOSED);
        }

        static boolean isClosed(Sender<?> cell) {
            return cell == CLOSED;
        }

        @SuppressWarnings("unchecked")
        private static <T> Sender<T> cast(Sender<?> sentinel) {
            return (Sender<T>) sentinel;
        }
    }
}
