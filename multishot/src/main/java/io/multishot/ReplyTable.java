package io.multishot;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Requests in flight, for replies that come by number: over a wire, through a queue, from another process. The task
 * that asks keeps a long-lived {@link Receiver} of its own; the table maps a <em>ticket</em>, a number, to the sender
 * of its present round. Only the ticket stands for the request, so there is no handle to use twice.
 * <!-- snippet: reply-table -->
 *
 * <pre>{@code
 * String request(String question, Duration patience) throws InterruptedException, TimeoutException {
 *     long ticket = table.open(receiver.sender()); // arm first, then let the request out
 *     wire.accept(new Message(ticket, question));
 *     try {
 *         return receiver.receive(patience);
 *     } catch (TimeoutException late) {
 *         if (table.drop(ticket)) {
 *             throw late;
 *         }
 *         return receiver.receive(); // not dropped: the reply is arriving this instant
 *     }
 * }
 * }</pre>
 *
 * <p><b>A reply is accepted once,</b> whichever threads race for it, and never reaches another request, however long a
 * thread stalls between looking and acting: the check of the ticket and the claim are one compare-and-set. Replies that
 * are late, doubled or unknown are refused and {@linkplain #refused() counted}; any number is safe to be looked up.
 *
 * <p><b>Tickets.</b> A ticket is a slot's index and a generation, in 64 bits. The index takes as many of them as the
 * capacity needs, at least two; the generation takes all others, and grows by one whenever its slot is claimed. So a
 * ticket could come again after 2<sup>64 - index bits</sup> - 1 requests in the same slot. With a capacity of 1024 that
 * is 2<sup>54</sup>: 57 years of ten million requests a second, all in that one slot. With 100,000 it is
 * 2<sup>47</sup>, or 162 days. A ticket means something to its own table only: every table begins with the same
 * numbers, so replies to an earlier connection must not be read as replies to a later one. And a ticket is no secret;
 * who can guess it can answer.
 *
 * <p><b>Progress.</b> {@link #open}, {@link #claim}, {@link #send}, {@link #fail} and {@link #drop} are
 * <b>lock-free</b>. What a request costs the table, in atomic read-modify-writes, depends on its slot:
 *
 * <ul>
 *   <li>A slot stays <em>reserved</em> for the sender that used it last. A receiver @@ has the same sender in each
 *       round, unless it abandons one. So if it asked this table last, its request takes one to open and one to claim,
 *       with no loop. (With assertions enabled, all receivers are as if guarded.)
 *   <li>Without a slot of its own, a sender takes two to open: one on the slot's own word, which is never repeated, and
 *       one on a list of free slots, which is tried again when another thread was faster there. The lists are many, so
 *       that threads which ask at the same time mostly use different ones. A guarded sender's slot goes back to them,
 *       so a claim takes two as well.
 *   <li>When no slot is left that is not reserved, an {@code open} looks at all slots, and gives back those that are:
 *       two each. If they are many, for senders that are gone or ask elsewhere, the table goes on as before. If at most
 *       a quarter of the slots was reserved, and all others in flight, none stays reserved from then on, and every
 *       request takes two and two.
 *   <li>One more each, at most, when another thread takes the slot at this moment, or slots become scarce.
 * </ul>
 *
 * <p>A refused ticket takes one, to count it, and one more if another thread claims it at this moment. To these add
 * those of the {@link Sender}. A thread that stalls inside a call holds up nobody; one slot stays taken meanwhile.
 *
 * <p><b>Memory effects.</b> Everything before {@link #open} happens-before everything after the {@link #claim},
 * {@link #send}, {@link #fail} or {@link #drop} that takes the request, on the thread that does. What comes before
 * {@code send} happens-before what comes after the value is received, as with every {@link Sender}.
 *
 * <p><b>Garbage.</b> A request allocates nothing, whether it is answered, refused or dropped. (A
 * {@link java.util.concurrent.TimeoutException} does; a task that polls and watches the time itself, then drops and
 * sees {@link Poll#DROPPED}, allocates nothing at all.) The table takes 16 bytes a slot, given the compressed
 * references that are the JVM's default, and at most 9 KiB besides; all of it is allocated at once. Of a request that
 * is over it keeps the sender that its slot is reserved for, until another one takes the slot or the table is closed:
 * 24 bytes, and what is in the channel until its receiver begins the next round, such as a reply that nobody took or
 * that went to a future, or the waker of {@link Sender#onAbandon}.
 *
 * @param <T> the type of the replies
 */
public final class ReplyTable<T> implements AutoCloseable {
    /** Stands for no request. */
    public static final long NO_TICKET = 0;

    private final ReplySlots<T> slots;
    private final PaddedCounter refused = new PaddedCounter();

    /**
     * So that calls after close are refused at once, and that open can tell closed from full when it finds no slot.
     * That nothing is left behind does not rely on it; see ReplySlots.
     */
    private volatile boolean closed;

    /**
     * Makes a table. All that it will ever need is allocated now.
     *
     * @param capacity how many requests can be in flight at most
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public ReplyTable(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
        }
        slots = new ReplySlots<>(capacity);
    }

    /**
     * Puts a request in flight, to be answered by whoever has the ticket. Do this before the request goes out: the
     * reply may come at once. Any thread. Lock-free: one atomic read-modify-write if its slot is reserved, else two;
     * {@link ReplyTable} says when, and what it takes when slots become scarce.
     *
     * <p>The table is full if there was a moment during this call when every slot was taken: by a request in flight, or
     * by a call of another thread that was putting one in or taking one out. Whoever has received a reply finds its
     * slot free.
     *
     * @param sender the sender of the round, live; from now on it is the table's, to be used by whoever claims it
     * @return the ticket, never {@link #NO_TICKET}, good for a claim that comes after this call, in the sense of
     *     happens-before; or {@link #NO_TICKET} if the table is full: then the sender stays yours, and there is one
     *     request too many
     * @throws NullPointerException if the sender is null
     * @throws IllegalStateException if the table is closed; the sender stays yours
     */
    @CheckReturnValue
    public long open(Sender<T> sender) {
        Objects.requireNonNull(sender, "sender");
        if (closed) {
            throw Errors.tableClosed();
        }
        long ticket = slots.open(sender);
        if (ticket == NO_TICKET && closed) {
            throw Errors.tableClosed();
        }
        return ticket;
    }

    /**
     * Takes the request out of the table and frees its slot. Exactly one caller ever gets its sender, and must use it:
     * until then whoever asked waits. Any thread. Lock-free: one atomic read-modify-write if the slot stays reserved,
     * else two; {@link ReplyTable} says when.
     *
     * @param ticket any number
     * @return the sender; or null if the ticket is unknown, stale or claimed already, which is {@linkplain #refused()
     *     counted}
     */
    @CheckReturnValue
    public @Nullable Sender<T> claim(long ticket) {
        Sender<T> sender = slots.take(ticket);
        counted(sender != null);
        return sender;
    }

    /**
     * Answers a request: claims it, then sends. Any thread. Lock-free: what {@link #claim} takes, and
     * {@link Sender#send}.
     *
     * @param ticket any number
     * @param value the reply
     * @return true if the reply was handed over; false if there was nothing to claim or nobody wants it, which is
     *     {@linkplain #refused() counted}
     * @throws NullPointerException if the value is null; nothing was claimed
     * @throws IllegalStateException if somebody has consumed the sender behind the table's back; the request is over
     */
    public boolean send(long ticket, T value) {
        Objects.requireNonNull(value, "value");
        Sender<T> sender = slots.take(ticket);
        return counted(sender != null && sender.send(value));
    }

    /**
     * Fails a request: claims it, then fails. Any thread. Lock-free: what {@link #claim} takes, and
     * {@link Sender#fail}, which allocates.
     *
     * @param ticket any number
     * @param cause why there is no reply
     * @return true if the failure was handed over; false if there was nothing to claim or nobody wants it, which is
     *     {@linkplain #refused() counted}
     * @throws NullPointerException if the cause is null; nothing was claimed
     * @throws IllegalStateException if somebody has consumed the sender behind the table's back; the request is over
     */
    public boolean fail(long ticket, Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        Sender<T> sender = slots.take(ticket);
        return counted(sender != null && sender.fail(cause));
    }

    /**
     * Gives a request up, as whoever asked does after a timeout: claims it, then drops. Its receiver sees
     * {@link Poll#DROPPED} and can begin the next round at once; the reply, should it come, is refused. Any thread.
     * Lock-free: what {@link #claim} takes, and {@link Sender#drop}.
     *
     * @param ticket any number
     * @return true if this call has given the request up; false if somebody else has claimed it or the ticket is
     *     unknown: then the outcome of the request is there or about to come. Not counted, for this is no reply
     * @throws IllegalStateException if somebody has consumed the sender behind the table's back; the request is over
     */
    public boolean drop(long ticket) {
        Sender<T> sender = slots.take(ticket);
        if (sender == null) {
            return false;
        }
        sender.drop();
        return true;
    }

    /**
     * Fails what is in flight, as when the connection is gone: every request that was opened before this call, unless
     * somebody else claims it first. Of those that are opened during the call, some may be failed; none that is opened
     * after it is. Any thread. Looks at each slot once, and ends whatever others do; for each request that it fails it
     * takes as many atomic read-modify-writes as {@link #fail}.
     *
     * @param cause why there will be no replies
     * @return how many receivers got the cause; a request whose receiver had left is taken out, but not counted
     * @throws NullPointerException if the cause is null; nothing was failed
     * @throws IllegalStateException if somebody has consumed a sender behind the table's back; all others were failed
     */
    public int failAll(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        return failEach(cause, false);
    }

    /**
     * Tells how many requests can be in flight at most.
     *
     * @return what the constructor was given
     */
    @CheckReturnValue
    public int capacity() {
        return slots.capacity();
    }

    /**
     * Counts the requests in flight, for monitoring: it looks at one slot after the other, while others go on.
     * Wait-free; no atomic read-modify-write, but as many loads as there are slots.
     *
     * @return how many slots were seen with a request
     */
    @CheckReturnValue
    public int inFlight() {
        int open = 0;
        for (int slot = 0; slot < slots.capacity(); slot++) {
            open += slots.isOpen(slot) ? 1 : 0;
        }
        return open;
    }

    /**
     * Tells how many replies were refused so far: each {@link #claim} that returned null, each {@link #send} and
     * {@link #fail} that returned false. These were late, doubled or unknown, or their receiver had left. Wait-free.
     *
     * @return the count
     */
    @CheckReturnValue
    public long refused() {
        return refused.count();
    }

    /**
     * Closes the table for good: fails what is in flight, with an {@link IllegalStateException} that says so as the
     * cause, and refuses what comes: {@link #open} throws, all others find nothing. A request that is being opened
     * meanwhile is failed as well, or its {@link #open} throws: none is left behind. Idempotent. Any thread. Lock-free.
     *
     * @throws IllegalStateException if somebody has consumed a sender behind the table's back; all others were failed
     */
    @Override
    public void close() {
        closed = true;
        failEach(Errors.tableClosedInFlight(), true);
    }

    /** Goes on to the next request if a sender was misused, for its requester must not pay for that. */
    private int failEach(Throwable cause, boolean forGood) {
        int failed = 0;
        IllegalStateException misuse = null;
        for (int slot = 0; slot < slots.capacity(); slot++) {
            Sender<T> sender = forGood ? slots.close(slot) : slots.takeFrom(slot);
            try {
                failed += sender != null && sender.fail(cause) ? 1 : 0;
            } catch (IllegalStateException consumed) {
                misuse = consumed;
            }
        }
        if (misuse != null) {
            throw misuse;
        }
        return failed;
    }

    /** Counts a reply that was refused. */
    private boolean counted(boolean accepted) {
        if (!accepted) {
            refused.increment();
        }
        return accepted;
    }
}
