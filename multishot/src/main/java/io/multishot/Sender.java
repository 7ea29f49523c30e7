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
 * outcome; {@link #sendFrom} computes first. All of them may be called from any thread. The first three are
 * <b>wait-free</b>: a load, a test and one atomic read-modify-write (two if the receiver is
 * {@linkplain Receiver#guarded() guarded}), without a loop and without waiting. Then they notify the waiter, if one is
 * registered; what the waiter does is its own cost.
 *
 * <p><b>Memory effects.</b> Everything before the consuming call happens-before everything after the outcome was
 * received, or seen by {@link Receiver#poll}. Everything before {@link Receiver#sender()} happens-before what the
 * holder does next, if the sender was handed to it safely. If it was handed over through a data race, no value is lost,
 * but no user data is promised to be visible.
 *
 * <p><b>Second use.</b> A use after the first one in the same round throws {@link IllegalStateException}, and the first
 * outcome stands. A sender is <em>detached</em> when its round is {@linkplain Receiver#abandon() abandoned}, or its
 * receiver closed, while it is live. A detached sender answers every use with {@code false}, any number of times. A
 * {@linkplain Receiver#guarded() guarded} receiver also detects uses that overlap on two threads, and references that
 * are kept past their round; so does every receiver when assertions are enabled. Otherwise these are the holder's bug,
 * as with a pooled buffer.
 *
 * <p>A sender is deliberately not {@link AutoCloseable}: a recycled one must not be touched after its use, and a
 * {@code try} block would do just that. {@link #sendFrom} is the scope that never forgets its sender.
 *
 * @param <T> the type of the values
 */
public sealed class Sender<T> permits Sender.Recycled, GuardedSender, CheckedSender, ReceiveFuture.OwnedCell {
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
     * Who may write: while the slot is OPEN or holds a Waiter, the sender writes by an exchange and the receiver by a
     * CAS. Once the slot holds an outcome, only the receiver writes, by release stores, until it stores OPEN. So
     * neither side ever loops: the sender's exchange cannot fail, and the receiver's CAS fails only if the sender is
     * done.
     *
     * After its exchange the sender touches nothing of the channel: the waiter to notify is what the exchange returned.
     * Hence the receiver may recycle a cell as soon as it sees an outcome in it, however long the sender's thread takes
     * to finish its call. (Reusable promises fail here if their completer returns to the object after it has published
     * the result: by then the object may have been rented again.)
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

    Sender() {}

    /** Makes a sentinel cell. It never becomes part of a channel: it stands for a rare state of the receiver. */
    Sender(Sentinel state) {
        slot = state;
    }

    // ------------------------------------------------------------------ public API

    /**
     * Hands the value over and notifies the receiver, if it waits. Consumes the sender. Wait-free; one atomic
     * read-modify-write (guarded: two).
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
     * sender. Wait-free; one atomic read-modify-write (guarded: two); allocates.
     *
     * @param cause why there is no value
     * @return true if the failure was handed over; false if the round was abandoned or the receiver closed
     * @throws NullPointerException if the cause is null; the sender is not consumed
     * @throws IllegalStateException if the sender is already consumed
     */
    public final boolean fail(Throwable cause) {
        return consume(new Failure(Objects.requireNonNull(cause, "cause")));
    }

    /**
     * Ends the round without a value: the receiver gets a {@link SenderDroppedException}. Consumes the sender.
     * Wait-free; one atomic read-modify-write (guarded: two).
     *
     * @return true if the receiver will see the drop; false if it gave the round up before
     * @throws IllegalStateException if the sender is already consumed
     */
    public final boolean drop() {
        return consume(Sentinel.DROPPED);
    }

    /**
     * Computes the value on this thread and sends it. If the work throws, the round <em>fails</em> with the exception,
     * and the exception is rethrown as it is. So the receiver never waits in vain for work that went wrong. Consumes
     * the sender. One atomic read-modify-write (guarded: two) besides the work's own. Work that is not wanted is not
     * begun: an abandoned round returns false at once, a consumed sender throws at once, unless that happens at this
     * very moment.
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
     * Returns whether the receiver gave this round up, so that work on the value can stop. Once true, it stays true.
     * The answer of a sender that is already consumed is unspecified. Wait-free: one load. Any thread.
     *
     * @return true if a value is no longer wanted
     */
    @CheckReturnValue
    public boolean isAbandoned() {
        return !isLive(slotAcquire());
    }

    /**
     * Registers a waker that is called when the receiver gives this round up, so that work on it can stop. The waker is
     * called once, on the receiver's thread, last in {@link Receiver#abandon()} or {@link Receiver#close()}. If the
     * round was given up before, this method calls it. If the sender was consumed before, it is never called. A later
     * registration replaces an earlier one. Wait-free; one atomic read-modify-write. Any thread may call this, but not
     * after the sender's use: on a recycled sender that would register with the next round.
     *
     * <p>Each round begins without a waker, and the channel keeps the waker reachable for its round. (With assertions
     * enabled, a leaked sender that its own waker refers to goes unnoticed.) Everything before {@code abandon()}, and
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

    /**
     * Gives the round its outcome. The load before the exchange is what makes a second use harmless: it throws before
     * anything has changed. A Waiter that was loaded may be withdrawn before the exchange; that is still a send.
     */
    boolean consume(Object outcome) {
        Object seen = slotAcquire();
        if (isLive(seen)) {
            return exchange(outcome);
        }
        requireDetached(seen);
        return false;
    }

    /** Makes the one exchange. Then the slot is not touched again, unless the receiver has let go of it for good. */
    final boolean exchange(Object outcome) {
        Object before = slotGetAndSet(outcome == this ? Sentinel.ITSELF : outcome);
        if (before == null) {
            return true;
        }
        if (before instanceof Waiter waiter) {
            waiter.notifyOf(outcome);
            return true;
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

    /** Returns whether work on a value makes sense, by the load that {@link #consume} makes. */
    boolean isWanted() {
        Object seen = slotAcquire();
        if (isLive(seen)) {
            return true;
        }
        requireDetached(seen);
        return false;
    }

    private void requireDetached(@Nullable Object seen) {
        if (seen != Sentinel.ABANDONED && !isDetached()) {
            throw Errors.alreadyConsumed();
        }
    }

    private void failWith(Throwable thrown) {
        try {
            fail(thrown);
        } catch (Throwable refused) {
            if (refused != thrown) {
                thrown.addSuppressed(refused);
            }
        }
    }

    static boolean isLive(@Nullable Object seen) {
        return seen == null || seen instanceof Waiter;
    }

    // ------------------------------------------------------------------ the receiver's side

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
     * The sender's first load, and the receiver's load when it registers nothing afterwards. Ordering: acquire, pairs
     * with {@link #slotGetAndSet}.
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
     * Transition: OPEN or Waiter → outcome; sender only. Ordering: volatile. Its release half publishes the value to
     * the receiver's loads. Its acquire half makes the content of the Waiter visible, which
     * {@link #slotCompareAndExchange} published.
     */
    final @Nullable Object slotGetAndSet(Object state) {
        return SLOT.getAndSet(this, state);
    }

    /**
     * Transition: OPEN → Waiter, Waiter → other Waiter, Waiter → OPEN, OPEN or Waiter → ABANDONED; receiver only. It
     * fails only if the sender is done, and then returns the outcome. Ordering: volatile. Its release half publishes
     * the Waiter to {@link #slotGetAndSet}. Its acquire half makes the outcome visible that it may return instead.
     */
    final @Nullable Object slotCompareAndExchange(@Nullable Object expected, @Nullable Object state) {
        return SLOT.compareAndExchange(this, expected, state);
    }

    /**
     * Transition: outcome → TAKEN; receiver only, which has exclusive access then. Ordering: release, pairs with
     * {@link #slotAcquire}. TAKEN is the cell itself: a reference that stays within one object costs a collector like
     * G1 no barrier.
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
     * with the sender's {@link #slotAcquire} and {@link #slotGetAndSet}: what the receiver did with the last value
     * comes before the next use of this cell. The fence orders this store before even a plain store that hands the
     * sender over: a thread that gets it through a data race finds it open.
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
    final boolean isDetached() {
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
         * A number that the channel never reads, for the owner that the sender is lent to; 0 at first. Plain. It fills
         * a gap in the object, given headers of 12 bytes, which are the JVM's default.
         */
        int attachment;
    }

    /** The sentinel cells that take the place of a receiver's cell. They carry no value, so each serves all types. */
    static final class Sentinels {
        private static final Sender<?> VACANT = new Sender<>(Sentinel.VACANT);
        private static final Sender<?> VACANT_GUARDED = new Sender<>(Sentinel.VACANT_GUARDED);
        private static final Sender<?> CLOSED = new Sender<>(Sentinel.CLOSED);

        private Sentinels() {}

        /** Stands for no cell: there is none yet, or it was let go. The next round needs a new one, of this kind. */
        static <T> Sender<T> vacant(boolean guarded) {
            return cast(guarded ? VACANT_GUARDED : VACANT);
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
