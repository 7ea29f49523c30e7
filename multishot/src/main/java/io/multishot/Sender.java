package io.multishot;

import com.google.errorprone.annotations.CheckReturnValue;
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
 * outcome; {@link #sendFrom} computes first. All three may be called from any thread; all three are <b>wait-free</b>: a
 * load, a test and one atomic read-modify-write (two if the receiver is {@linkplain Receiver#guarded() guarded}), with
 * no loop and no waiting, then one call of the waiter, if one is registered. What that waiter does is its own cost.
 *
 * <p><b>Memory effects.</b> Everything before the consuming call happens-before everything after the outcome was
 * received or seen by {@link Receiver#poll}. Everything before {@link Receiver#sender()} happens-before what the holder
 * does next, if the sender was handed to it safely. If it was handed over through a data race no value is lost, but no
 * user data is promised visible.
 *
 * <p><b>Second use.</b> A use after the first one in the same round throws {@link IllegalStateException}, and the first
 * outcome stands. A <em>detached</em> sender, one whose round was {@linkplain Receiver#abandon() abandoned} or whose
 * receiver was closed while it was live, answers every use with {@code false}, any number of times. Uses that overlap
 * on two threads, and references kept past their round, are told apart reliably by a {@linkplain Receiver#guarded()
 * guarded} receiver and whenever assertions are enabled; otherwise they are the holder's bug, as with a pooled buffer.
 *
 * <p>A sender is deliberately not {@link AutoCloseable}: a recycled one must not be touched after its use, and a
 * {@code try} block would do just that. {@link #sendFrom} is the scope that never forgets its sender.
 *
 * @param <T> the type of the values
 */
public sealed class Sender<T> extends Abandonable
        permits RecycledSender, GuardedSender, CheckedSender, ReceiveFuture.OwnedCell {
    /*
     * Overview. The sender is also the cell that the two halves share, and one reference in it is the whole channel:
     *
     *   slot            seen by    meaning
     *   null (OPEN)     both       the sender is live, nobody waits
     *   a Waiter        both       the sender is live, this waiter wants to be woken
     *   a value         receiver   the sender was consumed, the value awaits
     *   a Failure       receiver   the sender was consumed by fail
     *   DROPPED         receiver   the sender was consumed without a value
     *   the cell        receiver   TAKEN: no round is in progress
     *   ABANDONED       sender     the receiver has let go of this cell and never reads or recycles it again
     *
     * OPEN is null so that a new cell is born open: even a thread that got it through a data race finds it open.
     *
     * Who may write: while the slot is OPEN or a Waiter, the sender by an exchange and the receiver by a compare-and-set.
     * Once it holds an outcome, the receiver alone, by release stores, until it stores OPEN. So neither side ever loops: the
     * sender's exchange cannot fail, and the receiver's compare-and-set fails only if the sender is done.
     *
     * After its exchange the sender touches nothing of the channel: the waiter to wake is what the exchange returned.
     * Hence the receiver recycles a cell as soon as it sees an outcome in it, however long the sender's thread takes to
     * finish its call. (Reusable promises that make the completer come back to the object after publishing the result
     * fail right here: by then the object may be rented again.)
     *
     * All access modes are in the named methods below; docs/design.md argues for each.
     */
    private static final VarHandle SLOT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "slot", VarHandle.class, Sender.class, Object.class);

    @SuppressWarnings("UnusedVariable") // accessed through SLOT
    private @Nullable Object slot;

    Sender() {}

    /** A cell that never becomes part of a channel: it stands for a rare state of the receiver. */
    Sender(Mark mark) {
        slot = mark;
    }

    /**
     * Hands the value over and wakes the receiver, if it waits. Consumes the sender. Wait-free; one atomic
     * read-modify-write (guarded: two).
     *
     * @param value the value
     * @return true if the value was handed over; false if nobody wants it, because the round was abandoned or the
     *     receiver closed: then the caller keeps it
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
     * @return true if the failure was handed over; false if nobody wants it
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
     * @return true if the receiver will learn of it; false if it gave the round up before
     * @throws IllegalStateException if the sender is already consumed
     */
    public final boolean drop() {
        return consume(Mark.DROPPED);
    }

    /**
     * Computes the value on this thread and sends it; if the work throws, the round <em>fails</em> with what it threw,
     * and that is rethrown to the caller as it is. So the receiver never waits in vain for work that went wrong.
     * Consumes the sender. One atomic read-modify-write (guarded: two) besides the work's own. Work for nobody is not
     * begun: an abandoned round answers false at once, a consumed sender throws at once, unless that happens this very
     * moment.
     *
     * @param work computes the value; it must not consume this sender
     * @return true if the value was handed over; false if nobody wants it
     * @throws NullPointerException if the work is null; the sender is not consumed. If the work returns null; that is a
     *     failure like any other
     * @throws IllegalStateException if the sender is already consumed. What the work throws has precedence: this is
     *     {@linkplain Throwable#getSuppressed() suppressed} in it
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

    private void failWith(Throwable thrown) {
        try {
            fail(thrown);
        } catch (Throwable refused) {
            if (refused != thrown) {
                thrown.addSuppressed(refused);
            }
        }
    }

    /**
     * Tells whether the receiver gave this round up, so that work on the value can stop. Once true, it stays true. The
     * answer of a sender that is already consumed is unspecified. Wait-free: one load. Any thread.
     *
     * @return true if a value would not be wanted any more
     */
    @CheckReturnValue
    public boolean isAbandoned() {
        return !isLive(slotAcquire());
    }

    /**
     * Asks to be told when the receiver gives this round up, so that work nobody wants any more can stop: the waker is
     * called once, on the receiver's thread, last in {@link Receiver#abandon()} or {@link Receiver#close()}; here and
     * now if that has happened; never if the sender was consumed before. The last one registered counts. Wait-free; one
     * atomic read-modify-write. Any thread, but not later than the sender's use: on a recycled sender that would be the
     * next round's.
     *
     * <p>Each round begins without a waker, and the channel keeps it reachable for its round. (With assertions enabled,
     * a lost sender that its own waker refers to goes unnoticed.) Everything before {@code abandon()}, and before this
     * call, happens-before the waker's. It must not block; if it throws, neither side is disturbed, see {@link Waker}.
     *
     * @param waker what to call
     * @throws NullPointerException if the waker is null
     */
    public void onAbandon(Waker waker) {
        register(Objects.requireNonNull(waker, "waker"));
    }

    /** Says the state in words, for people; the format may change. */
    @Override
    public String toString() {
        return "Sender[" + describe() + "]";
    }

    private String describe() {
        Object seen = slotAcquire();
        if (seen == Mark.ABANDONED || isDetached()) {
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

    /**
     * Gives the round its outcome. The look before the exchange is what makes a second use harmless: it throws before
     * anything has changed. A Waiter seen there may be withdrawn before the exchange; that is still a send.
     */
    boolean consume(Object outcome) {
        Object seen = slotAcquire();
        if (isLive(seen)) {
            return exchange(outcome);
        }
        requireDetached(seen);
        return false;
    }

    /** Whether it makes sense to work on a value, by the same look. A consumed sender throws. */
    boolean isWanted() {
        Object seen = slotAcquire();
        if (isLive(seen)) {
            return true;
        }
        requireDetached(seen);
        return false;
    }

    private void requireDetached(@Nullable Object seen) {
        if (seen != Mark.ABANDONED && !isDetached()) {
            throw Errors.alreadyConsumed();
        }
    }

    /** The one exchange; then the slot is not touched again, unless the receiver has let go of this cell for good. */
    final boolean exchange(Object outcome) {
        Object before = slotGetAndSet(outcome == this ? Mark.ITSELF : outcome);
        if (before == null) {
            return true;
        }
        if (before instanceof Waiter waiter) {
            waiter.wake(outcome);
            return true;
        }
        if (before == Mark.ABANDONED) {
            slotSetRelease(Mark.ABANDONED);
            return false;
        }
        if (isDetached()) {
            return false;
        }
        throw Errors.consumedMeanwhile();
    }

    /** Leaves this live cell on behalf of the receiver, which has yet to settle it; false if the sender was faster. */
    final boolean detach(@Nullable Object seen) {
        return slotCompareAndExchange(seen, Mark.ABANDONED) == seen;
    }

    /** Where this sender was made, if that is known: in the checked mode. */
    @Nullable Trace made() {
        return null;
    }

    static boolean isLive(@Nullable Object seen) {
        return seen == null || seen instanceof Waiter;
    }

    /**
     * Sender's first look; receiver's look when it registers nothing after. Ordering: acquire, pairs with
     * {@link #slotGetAndSet}.
     */
    final @Nullable Object slotAcquire() {
        return SLOT.getAcquire(this);
    }

    /**
     * Receiver's look in poll. Ordering: volatile, because it may be the second half of a Dekker pair: a waker that
     * sets a flag of its own lets the task clear the flag, then poll; an acquire load could be ordered before that
     * clearing store, and the wake-up would be lost (on weakly ordered hardware only).
     */
    final @Nullable Object slotVolatile() {
        return SLOT.getVolatile(this);
    }

    /**
     * Transition: OPEN or Waiter → outcome; sender only. Ordering: volatile. Its release half publishes the value to
     * the receiver's loads; its acquire half makes the Waiter's content visible, which {@link #slotCompareAndExchange}
     * published.
     */
    final @Nullable Object slotGetAndSet(Object state) {
        return SLOT.getAndSet(this, state);
    }

    /**
     * Transition: OPEN → Waiter, Waiter → other Waiter, Waiter → OPEN, OPEN or Waiter → ABANDONED; receiver only. It
     * fails only if the sender is done, and then returns the outcome. Ordering: volatile. Its release half publishes
     * the Waiter to {@link #slotGetAndSet}, its acquire half makes the outcome visible that it may return instead.
     */
    final @Nullable Object slotCompareAndExchange(@Nullable Object expected, @Nullable Object state) {
        return SLOT.compareAndExchange(this, expected, state);
    }

    /**
     * Transition: outcome → TAKEN, by the receiver, which has the slot to itself then. Ordering: release, pairs with
     * {@link #slotAcquire}. TAKEN is the cell: a reference that stays within one object costs a collector like G1 no
     * barrier.
     */
    final void slotTakenRelease() {
        SLOT.setRelease(this, this);
    }

    /**
     * Transition: the outcome of a sender that came too late → ABANDONED again. Ordering: release, pairs with
     * {@link #slotAcquire}.
     */
    final void slotSetRelease(Object state) {
        SLOT.setRelease(this, state);
    }

    /**
     * Transition: any consumed state → OPEN, by the receiver, which has the slot to itself then. Ordering: release,
     * pairs with the sender's {@link #slotAcquire} and {@link #slotGetAndSet}: what the receiver did with the last
     * value comes before the next use of this cell. The fence keeps this store before even a plain one that hands the
     * sender over: who gets it through a data race finds it open.
     */
    final void slotOpenRelease() {
        SLOT.setRelease(this, null);
        VarHandle.storeStoreFence();
    }
}
