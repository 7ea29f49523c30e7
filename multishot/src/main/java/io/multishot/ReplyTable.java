package io.multishot;

import com.google.errorprone.annotations.CheckReturnValue;
import io.multishot.SlotState.Failure;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Maps requests in flight to the senders that wait for the replies, when replies come by number: over a wire, through a
 * queue, from another process.
 *
 * <p>A task that makes requests keeps a long-lived {@link Receiver} of its own. It {@linkplain #open opens} the sender
 * of each round in the table, and gets a <em>ticket</em>: the <em>correlation id</em> that goes out with the request
 * and comes back with the reply. Whatever thread reads the reply passes the ticket to {@link #send}, {@link #fail} or
 * {@link #claim}. Nothing but the ticket stands for the request, so there is no object that could be used twice.
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
 * <p><b>A reply is accepted once,</b> whichever threads race to deliver it. It never reaches another request, however
 * long a thread stalls on the way, because one compare-and-set both checks the ticket and claims the request. Replies
 * that are late, duplicate or unknown are refused and {@linkplain #refused() counted}. Any number may be passed as a
 * ticket.
 *
 * <p><b>Misuse is refused.</b> A sender that is in a table already, was consumed or is detached cannot be opened. A
 * requester should give a request up through the table, by {@link #drop}, because that frees the slot at once. If the
 * receiver gives it up instead, by {@link Receiver#abandon()} or {@link Receiver#close()}, the request keeps its slot
 * until an {@link #open} finds no free one: that reclaims the slots of all such requests, and their tickets find
 * nothing from then on. If the requester consumes the sender itself, behind the table's back, the slot stays occupied
 * until the ticket is claimed. But a later reply with that ticket finds a consumed sender, and never the next request:
 * even a {@linkplain Receiver#recycling() recycling} receiver makes a new sender then. Only uses that overlap on two
 * threads may do harm, and only with a recycling receiver: two opens of one sender, or a claim at the same time as a
 * use behind the table's back.
 *
 * <p><b>Tickets.</b> A ticket has 64 bits. The low ones are the index of a slot, as many as the capacity needs and at
 * least two. The high ones are the generation of the slot, which grows by one with each claim. So a ticket could recur
 * after 2<sup>64 - index bits</sup> - 1 requests in the same slot. With a capacity of 1024 that is 2<sup>54</sup>: 57
 * years at ten million requests a second, all in that one slot. With 100,000 it is 2<sup>47</sup>, or 162 days. A
 * ticket is valid in its own table only. Every table starts with the same numbers, so replies to an earlier connection
 * must not be delivered to the table of a later one. And a ticket is no secret: a peer that guesses one can answer the
 * request.
 *
 * <p><b>Progress.</b> {@link #open}, {@link #claim}, {@link #send}, {@link #fail} and {@link #drop} are
 * <b>lock-free</b>. What a request costs the table, in atomic read-modify-writes, depends on its slot:
 *
 * <ul>
 *   <li>A slot stays <em>reserved</em> for the sender that used it last. A {@linkplain Receiver#recycling() recycling}
 *       receiver has the same sender in each round, unless it abandons one. So if it made its last request in this
 *       table, the next one takes one to open and one to claim, with no loop. (In the checked mode no receiver
 *       recycles.)
 *   <li>A sender without a reserved slot takes two to open: one on the word of the slot, which is never repeated, and
 *       one on a free list, which is repeated if another thread was faster there. There are several lists, so that
 *       threads which make requests at the same time mostly use different ones. The slot of a safe sender returns to
 *       its list, so a claim takes two as well.
 *   <li>If an {@code open} finds the free lists empty, it takes two more, loads the words of all slots, and moves the
 *       reserved slots to the free lists: two each. If these were more than a quarter of all slots, slots stay reserved
 *       as before. Otherwise the table is nearly full, and if no slot was reserved, it loads the words and the senders
 *       of all slots once more, and reclaims the slots of senders that are detached: two each. From then on no slot
 *       stays reserved, so a request takes two to open and two to claim. It also takes part in samples, at one load a
 *       request, until most slots of a sample are vacant; then slots stay reserved again. So about half the capacity is
 *       opened before all words are loaded again.
 *   <li>To open takes at most two more, and to claim one more, if another thread takes the slot at this moment, or
 *       slots begin or cease to stay reserved.
 * </ul>
 *
 * <p>A refused reply takes one, to count it, and a refused ticket one more if another thread claims it at this moment.
 * The sender's own come on top. A thread that stalls inside a call delays no other thread; one slot stays occupied
 * meanwhile.
 *
 * <p><b>Memory effects.</b> Everything before {@link #open} happens-before everything after the {@link #claim},
 * {@link #send}, {@link #fail} or {@link #drop} that claims the request. Everything before {@code send} happens-before
 * everything after the value is received, as with every {@link Sender}.
 *
 * <p><b>Garbage.</b> A request allocates nothing, whether it is answered, refused or dropped. (A
 * {@link java.util.concurrent.TimeoutException} does. A task that polls, watches the time itself, drops the request and
 * sees {@link Poll#DROPPED} allocates nothing at all.) The table takes 16 bytes a slot, given the compressed references
 * that are the JVM's default, and at most 9 KiB besides, all of it allocated by the constructor. A reserved slot keeps
 * its sender reachable until another sender takes the slot or the table is closed. That is 24 bytes, and what is in the
 * channel until the receiver begins its next round: a reply that was not taken or went to a future, for example, or the
 * waker of {@link Sender#onAbandon}.
 *
 * @param <T> the type of the replies
 */
public final class ReplyTable<T> implements AutoCloseable {
    /** Stands for no request. */
    public static final long NO_TICKET = 0;

    private final ReplySlots<T> slots;
    private final PaddedCounter refused = new PaddedCounter();

    /**
     * Lets calls after close be refused at once, and an open that finds no slot tell <em>closed</em> from
     * <em>full</em>. No request is left behind even without it; see ReplySlots.
     */
    private volatile boolean closed;

    /**
     * Creates a table, and allocates everything that it will ever need.
     *
     * @param capacity the largest number of requests in flight
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public ReplyTable(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
        }
        slots = new ReplySlots<>(capacity);
    }

    /**
     * Puts a request in flight and returns its ticket. Call this before the request goes out, because the reply may
     * come at once. If no slot is free, reclaims the slots of all requests whose receivers gave them up; their tickets
     * find nothing from then on. Any thread. Lock-free: one atomic read-modify-write if a slot is reserved for the
     * sender, otherwise two; {@link ReplyTable} says when, and what it takes when no slot is free.
     *
     * <p>The table is full if there was a moment during this call when every slot was occupied, by a request in flight
     * or by a call of another thread that was opening or claiming one, or reclaiming the slot; and none of the requests
     * was one that its receiver gave up before this call. A requester that has received its reply finds the slot free.
     *
     * @param sender the live sender of the round; from now on it belongs to the caller that claims it
     * @return the ticket, which can be claimed by every call that this one happens-before; or {@link #NO_TICKET} if the
     *     table is full, and the sender stays with the caller
     * @throws NullPointerException if the sender is null
     * @throws IllegalStateException if the sender is in a table already, consumed or detached, or if the table is
     *     closed; nothing has changed, and the sender stays where it was
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
     * Removes the request from the table, frees its slot, and returns its sender. Exactly one caller gets the sender,
     * and must consume it, or open it again, because the requester waits until then. Any thread. Lock-free: one atomic
     * read-modify-write if the slot stays reserved, otherwise two; {@link ReplyTable} says when.
     *
     * @param ticket any number
     * @return the sender; or null if the ticket is unknown, late or claimed already, which is {@linkplain #refused()
     *     counted}
     */
    @CheckReturnValue
    public @Nullable Sender<T> claim(long ticket) {
        Sender<T> sender = slots.claim(ticket);
        counted(sender != null);
        return sender;
    }

    /**
     * Answers a request: claims it, then sends the value. Any thread. Lock-free: takes what {@link #claim} and
     * {@link Sender#send} take.
     *
     * @param ticket any number
     * @param value the reply
     * @return true if the reply was handed over; false if there was nothing to claim, or the receiver gave the round
     *     up, which is {@linkplain #refused() counted}
     * @throws NullPointerException if the value is null; nothing was claimed
     * @throws IllegalStateException if the sender was consumed outside the table; the request is over
     */
    public boolean send(long ticket, T value) {
        Objects.requireNonNull(value, "value");
        Sender<T> sender = slots.claim(ticket);
        return counted(sender != null && sender.send(value));
    }

    /**
     * Fails a request: claims it, then fails the sender. Any thread. Lock-free: takes what {@link #claim} and
     * {@link Sender#fail} take; the latter allocates.
     *
     * @param ticket any number
     * @param cause why there is no reply
     * @return true if the failure was handed over; false if there was nothing to claim, or the receiver gave the round
     *     up. Not counted, because a failure is not a reply: the requester's own timer may come long after that
     * @throws NullPointerException if the cause is null; nothing was claimed
     * @throws IllegalStateException if the sender was consumed outside the table; the request is over
     */
    public boolean fail(long ticket, Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        if (!slots.isInFlight(ticket)) {
            return false; // allocates nothing
        }
        Failure failure = new Failure(cause); // before the claim: if there is no memory, the request stays in flight
        Sender<T> sender = slots.claim(ticket);
        return sender != null && sender.consumeBy(failure);
    }

    /**
     * Gives a request up, as a requester does after a timeout: claims it, then drops the sender. The receiver sees
     * {@link Poll#DROPPED} and can begin the next round at once. A reply that still comes is refused. Any thread.
     * Lock-free: takes what {@link #claim} and {@link Sender#drop} take.
     *
     * @param ticket any number
     * @return true if this call gave the request up; false if it was claimed before, so that its outcome has arrived or
     *     is about to, if the receiver gave it up and its slot was reclaimed, or if the ticket is unknown. Not counted,
     *     because a drop is not a reply
     * @throws IllegalStateException if the sender was consumed outside the table; the request is over
     */
    public boolean drop(long ticket) {
        Sender<T> sender = slots.claim(ticket);
        if (sender == null) {
            return false;
        }
        sender.drop();
        return true;
    }

    /**
     * Fails the requests in flight, for example because the connection is gone. Fails every request that was opened
     * before this call, unless another thread claims it first; may fail requests that are opened during the call; fails
     * none that is opened later. Any thread. Visits each slot once, whatever other threads do. For each request that it
     * fails it takes as many atomic read-modify-writes as {@link #fail}. Allocates one failure, which all share.
     *
     * @param cause why there will be no replies
     * @return how many receivers got the cause; a request whose receiver gave the round up is removed, but not counted
     * @throws NullPointerException if the cause is null; nothing was failed
     * @throws IllegalStateException if a sender was consumed outside the table; all others were failed
     */
    public int failAll(Throwable cause) {
        return failEach(new Failure(Objects.requireNonNull(cause, "cause")), false);
    }

    /**
     * Returns the largest number of requests in flight.
     *
     * @return the capacity that was given to the constructor
     */
    @CheckReturnValue
    public int capacity() {
        return slots.capacity();
    }

    /**
     * Counts the requests in flight, for monitoring. Includes those that their receivers gave up, until their slots are
     * reclaimed. Visits one slot after the other while requests come and go. Wait-free; no atomic read-modify-write,
     * but as many loads as there are slots.
     *
     * @return how many slots were found open
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
     * Returns how many replies were refused so far: each {@link #claim} that returned null and each {@link #send} that
     * returned false. They were late, duplicate or unknown, or the receiver had given the round up. {@link #fail} and
     * {@link #drop} are not counted, because a timer may call them long after the reply. Wait-free.
     *
     * @return the count
     */
    @CheckReturnValue
    public long refused() {
        return refused.count();
    }

    /**
     * Closes the table for good. Fails the requests in flight; the cause is an {@link IllegalStateException} that says
     * so. From then on {@link #open} throws, and no ticket is found. No request is left behind: one that is opened
     * concurrently is failed as well, or its {@link #open} throws. Idempotent. Any thread. Lock-free.
     *
     * @throws IllegalStateException if a sender was consumed outside the table; all others were failed
     */
    @Override
    public void close() {
        Failure failure = new Failure(Errors.tableClosedInFlight());
        closed = true;
        failEach(failure, true);
    }

    /**
     * Fails each request, all by the same failure: nothing is allocated for a request. One that cannot be failed must
     * not keep the other requesters waiting, so its exception comes last.
     */
    private int failEach(Failure failure, boolean closing) {
        StackRoom.ensure(StackRoom.TO_USE_SENDER);
        int failed = 0;
        Throwable last = null;
        for (int slot = 0; slot < slots.capacity(); slot++) {
            try {
                Sender<T> sender = closing ? slots.close(slot) : slots.claimFrom(slot);
                failed += sender != null && sender.consumeBy(failure) ? 1 : 0;
            } catch (IllegalStateException | VirtualMachineError thrown) {
                last = thrown;
            }
        }
        if (last != null) {
            throw Errors.<RuntimeException>asItIs(last);
        }
        return failed;
    }

    /** Counts a reply that was not accepted. */
    private boolean counted(boolean accepted) {
        if (!accepted) {
            refused.increment();
        }
        return accepted;
    }

    /** A count of rare events, on a cache line of its own, so that counting disturbs no neighbour. */
    private static final class PaddedCounter {
        private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

        /** The distance to either end of the array: two cache lines, because processors fetch lines in pairs. */
        private static final int PADDING = 16;

        private final long[] padded = new long[2 * PADDING];

        /** Transition: n → n + 1. Ordering: volatile, as the operation offers; nothing relies on it. Wait-free. */
        void increment() {
            COUNT.getAndAdd(padded, PADDING, 1L);
        }

        /** Ordering: volatile, pairs with {@link #increment}: what was refused before is counted. */
        long count() {
            return (long) COUNT.getVolatile(padded, PADDING);
        }
    }
}
