package io.multishot;

import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The reusable half of a channel. It hands out a single-use {@link Sender}, awaits what that sender does, and hands out
 * the next: one value at a time, any number of times. The time from {@link #sender()} to the taken outcome is a
 * <em>round</em>.
 * <!-- snippet: ask -->
 *
 * <pre>{@code
 * mailbox.add(new Request(question, receiver.sender())); // begins a round
 * return receiver.receive(); // ends it
 * }</pre>
 *
 * <p><b>Who may call.</b> A receiver belongs to one task at a time, {@link #close()} included. Hand it over between
 * calls, with any happens-before edge. With assertions enabled, the second of two threads that call into a receiver at
 * once gets an {@link IllegalStateException} and the first is unaffected; otherwise overlapping calls are undefined,
 * short of a crash. Only {@link #toString()} may be called by anybody.
 *
 * <p><b>Progress.</b> {@link #sender()}, {@link #trySender()}, {@link #poll}, {@link #take()}, {@link #tryReceive()},
 * {@link #abandon()} and {@link #close()} are wait-free: no loop, no lock, no waiting for the sender's thread. Each
 * method states its atomic read-modify-writes; the loads and stores that come with them are not counted. The first call
 * after a future that others completed makes one more, to withdraw that future.
 *
 * <p><b>Nothing is lost.</b> A value that arrived stays until it is taken: an interrupt, a timeout, a cancelled future,
 * or not polling again lose nothing. Two calls discard an outcome that was not taken: the next {@link #sender()} or
 * {@link #trySender()}, and {@link #abandon()} or {@link #close()}.
 *
 * <p><b>Memory effects.</b> Everything before the sender's {@code send}, {@code fail} or {@code drop} happens-before
 * everything after the outcome was received, or seen by {@link #poll}.
 *
 * <p><b>Garbage.</b> A round that ends with a value allocates nothing, nor does one that was dropped and is seen
 * through {@link #poll}, provided the waker or the platform thread that waits is the one that waited last on this
 * receiver. Exceptions, failures, another waker, futures, the stacks of virtual threads and the spare threads of a
 * ForkJoinPool whose worker waits allocate. An idle channel (receiver, sender, registered waiter) takes 64 bytes at
 * most, given the compressed references that are the JVM's default.
 *
 * <p><b>Assertions.</b> When they are enabled ({@code -ea}, as in every test run), every receiver is guarded and
 * checked. Misuse is told with the places where the sender was made and consumed. And a sender that becomes unreachable
 * before it was used drops its round, so that the receiver sees {@link Poll#DROPPED} instead of waiting for ever; that
 * is logged at level ERROR through the {@link System.Logger} named {@code io.multishot}. What this cannot see: a sender
 * that the waiting side itself keeps reachable (from the stack of the waiting thread, from the registered waker, from a
 * dependent of the future, and all that these reach); and a receiver that is garbage together with its sender, even if
 * a task or a dependent of a future, known to that channel only, was to be woken. The checks synchronize inside, on
 * each new sender: they may hide a data race of the program, but for the check against overlapping calls, which adds no
 * happens-before edge.
 *
 * <p><b>Closed.</b> On a closed receiver every method but {@link #close()}, {@link #isClosed()}, {@link #abandon()} and
 * {@link #toString()} throws {@link IllegalStateException}.
 *
 * @param <T> the type of the values
 */
@SuppressWarnings("try") // a visit is opened to be closed
public final class Receiver<T> extends GivingUp<T> implements AutoCloseable {
    /**
     * Makes a receiver that recycles one sender for ever. When assertions are enabled it is {@linkplain #guarded()
     * guarded} and checked instead.
     */
    public Receiver() {
        super(false);
    }

    private Receiver(boolean guarded) {
        super(guarded);
    }

    /**
     * Makes a receiver with a new sender for each round (one small object), so that a stale one can never touch a later
     * round, and exactly one of several overlapping uses succeeds; every other throws. A send then takes two atomic
     * read-modify-writes, and is wait-free still.
     *
     * @param <T> the type of the values
     * @return the receiver
     */
    @CheckReturnValue
    public static <T> Receiver<T> guarded() {
        return new Receiver<>(true);
    }

    /**
     * Begins the next round. Succeeds at once if the last outcome was taken, and also if it is there but was not: it is
     * discarded then. Wait-free; no atomic read-modify-write. Allocates only the first time, after {@link #abandon()},
     * and if guarded.
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
                throw refused();
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

    /**
     * Looks for the outcome of this round, and if there is none registers the waker, which replaces the waiter
     * registered before. A round that has ended, or was never begun, reports {@link Poll#DROPPED}. Wait-free: no atomic
     * read-modify-write if the outcome is there or the same waker polls again, else one.
     *
     * @param waker called once when the outcome is there; see {@link Waker} for what it must tolerate
     * @return what there is; {@link Poll#PENDING} if the waker is registered
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

    /**
     * Takes the outcome, which {@link #poll} has found, and ends the round. Wait-free; no atomic read-modify-write.
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
            Object seen = look();
            return Sender.isLive(seen) ? null : end(seen);
        }
    }

    /**
     * Waits for the outcome, takes it and ends the round. Parks the calling thread, platform or virtual; before that, a
     * platform thread spins briefly, if there is more than one processor, and a virtual one yields once. No atomic
     * read-modify-write if the outcome is there, one to register, one to give up.
     *
     * <p>If the outcome is there, or wins the race against an interrupt, it is returned or thrown, and the thread's
     * interrupt flag is (still or again) set. After an {@code InterruptedException} the sender is still live.
     *
     * <p>The thread replaces a waker that was registered before. If this call gives up, nobody is registered: poll
     * again.
     *
     * @return the value
     * @throws SenderFailedException as {@link #take()}
     * @throws SenderDroppedException as {@link #take()}
     * @throws InterruptedException if the thread was interrupted before there was an outcome
     * @throws IllegalStateException if a future owns this receiver, or it is closed
     */
    public T receive() throws InterruptedException {
        try (Visit visit = enter()) {
            return end(ThreadWaiter.await(this, true, false, 0));
        }
    }

    /**
     * Waits for the outcome like {@link #receive()}, but not for ever. After a timeout the sender is still live: wait
     * again, or {@link #abandon()} the round.
     *
     * @param timeout how long to wait; zero or negative looks once; what exceeds 292 years is taken as 292 years
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
            Object outcome = ThreadWaiter.await(this, true, true, nanos);
            if (outcome == null) {
                throw Errors.timeout(timeout);
            }
            return end(outcome);
        }
    }

    /**
     * Waits for the outcome like {@link #receive()}, but leaves interrupts alone: the flag is set again on return.
     *
     * @return the value
     * @throws SenderFailedException as {@link #take()}
     * @throws SenderDroppedException as {@link #take()}
     * @throws IllegalStateException if a future owns this receiver, or it is closed
     */
    public T receiveUninterruptibly() {
        try (Visit visit = enter()) {
            return end(ThreadWaiter.await(this, false, false, 0));
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * Returns the outcome as a future: a bridge to code that composes futures. It is completed on the sender's thread,
     * with the value, with the very cause given to {@link Sender#fail}, or with a {@link SenderDroppedException}; that
     * ends the round. If the outcome is there already, so it is in the future.
     *
     * <p>Until the future is done this receiver belongs to it: other receiving calls and {@link #sender()} throw
     * {@link IllegalStateException}, {@link #trySender()} returns null. If the future is cancelled, times out or is
     * completed by others first, the outcome stays in the channel, unread. {@link #abandon()} and {@link #close()}
     * cancel a pending future. A completion attempt that loses to the sender's by a moment finishes the latter, so the
     * future's dependents may then run on that thread. Wait-free; one atomic read-modify-write to register; allocates.
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

    /**
     * Gives this round up. A live sender is <em>detached</em>: it answers {@code false} to every use from now on, its
     * {@link Sender#isAbandoned()} is true, and the waker of its {@link Sender#onAbandon} is called. A pending future
     * is cancelled; if the sender had completed it, the value was received. An outcome that was not taken is discarded.
     * Afterwards {@link #sender()} succeeds at once; it allocates a new sender if one was detached. Wait-free; two
     * atomic read-modify-writes if a sender is live, else none; those of the future that it cancels come on top. That
     * waker, and the dependents of a future that it cancels, run in this call, last.
     *
     * @return true if a live sender was detached
     */
    public boolean abandon() {
        try (Visit visit = enter()) {
            return giveUp(false);
        }
    }

    /**
     * Gives this round up, as {@link #abandon()} does, and all further ones. Idempotent. Wakes nobody who waits: to
     * stop a thread that is parked in this receiver, interrupt it. Wait-free.
     */
    @Override
    public void close() {
        try (Visit visit = enter()) {
            giveUp(true);
        }
    }

    /**
     * Tells whether this receiver was closed. Wait-free.
     *
     * @return true after {@link #close()}
     */
    @CheckReturnValue
    public boolean isClosed() {
        try (Visit visit = enter()) {
            return isClosedSlot();
        }
    }

    /** Says the state in words, for people; the format may change. Any thread may call it. */
    @Override
    public String toString() {
        return "Receiver[" + describe() + "]";
    }
}
