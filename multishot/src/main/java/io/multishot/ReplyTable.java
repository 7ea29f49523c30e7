package io.multishot;

import com.google.errorprone.annotations.CheckReturnValue;
import io.multishot.SlotState.Failure;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Maps requests in flight to the senders that will deliver the replies, when replies come by number: over a wire,
 * through a queue, from another process.
 *
 * <p>A task that makes requests keeps a long-lived {@link Receiver} of its own. It {@linkplain #open opens} the sender
 * of each round in the table, and gets a <em>ticket</em>: the <em>correlation id</em> that goes out with the request
 * and comes back with the reply. Whatever thread reads the reply passes the ticket to {@link #send}, {@link #fail} or
 * {@link #claim}. Nothing but the ticket stands for the request, so there is no object that could be used twice.
 * <!-- snippet: reply-table -->
 *
 * <pre>{@code
 * String request(String question, Duration patience) throws InterruptedException, TimeoutException {
 *     long ticket = table.open(receiver.sender()); // open first, then let the request out
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
 * <p><b>Tickets.</b> The low bits of a ticket are the index of a slot, as many as the capacity needs and at least two.
 * The high bits are the generation of the slot, which grows by one with each claim. There are three kinds of tables:
 *
 * <ul>
 *   <li>{@link #ReplyTable(int)}: a ticket has <b>64 bits</b>. It could recur after 2<sup>64 - index bits</sup> - 1
 *       requests in the same slot. With a capacity of 1024 that is 2<sup>54</sup>: 57 years at ten million requests a
 *       second, all in that one slot. With 100,000 it is 2<sup>47</sup>, or 162 days.
 *   <li>{@link #ofBits}: a ticket has <b>as many bits as the wire has room for</b>. So few generations are too short to
 *       rely on, and a request that is given up puts its ticket into <em>quarantine</em>.
 *   <li>{@link #ofChosenIds}: the same, but the caller chooses each ticket, by {@link #openAs}: at random, for example,
 *       where a ticket should be hard to guess.
 * </ul>
 *
 * <p>A ticket is valid in its own table only. Every table starts with the same numbers, so a table belongs to one
 * connection: when that is lost, {@link #close(Throwable)} the table. (What is opened after {@link #failAll} on a
 * connection that is gone is never answered.) And a ticket is no secret: a peer that guesses one can answer the
 * request.
 *
 * <p><b>Quarantine.</b> In a table of few bits, a request that is given up becomes an <em>orphan</em>: by
 * {@link #drop}, by {@link #expire}, or because its receiver left. Its ticket is out of use until a reply with it has
 * come, which is refused and counted; until {@link #releaseOrphans}; or until the connection is gone, {@link #failAll}
 * or {@link #close()}. So as long as each request is answered at most once, no reply ever reaches another request,
 * however late it comes and however few the bits are. {@link #fail} is for an error that the peer has replied, or a
 * request that never went out: then no reply will come, and the ticket is free. A timer of the caller's own must
 * {@link #drop}.
 *
 * <p>A peer that answers <em>twice</em> is refused as long as the generation is another one. With <i>g</i> bits left
 * beside the index, a duplicate is refused until 2<sup>g</sup> - 1 more requests were opened in that slot. Of the 16
 * bits of DNS, a capacity of 1000 leaves 6: the duplicate can do harm if it comes 64 requests of that slot later, in a
 * moment when the slot is open. With no bits left it can do harm at once: leave some, or compare what the reply says
 * with the {@linkplain #context context} of the request. The same holds for a reply that comes after
 * {@code releaseOrphans}, and for a {@code drop} or {@code fail} that comes after the reply: where few bits are left,
 * give requests up by {@code expire} or by their receivers, which need no ticket.
 *
 * <p><b>Progress.</b> {@link #open}, {@link #claim}, {@link #send}, {@link #fail} and {@link #drop} are
 * <b>lock-free</b>. What a request costs the table, in atomic read-modify-writes, depends on its slot:
 *
 * <ul>
 *   <li>A slot stays <em>reserved</em> for the recycled sender that used it last. A {@linkplain Receiver#recycling()
 *       recycling} receiver has the same sender in each round, unless it abandons one. So if it made its last request
 *       in this table, the next one takes one to open and one to claim, with no loop. (In the checked mode no receiver
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
 * <p>A refused {@code claim} or {@code send} takes one, to count it. A call that loses a race for its ticket takes one
 * more. The sender's own operations are counted separately. A thread that stalls inside a call delays no other thread;
 * one slot stays occupied meanwhile.
 *
 * <p>A request with a deadline or a context, and every request in a table of few bits, takes one more to open if its
 * slot is reserved. A ticket that is chosen takes two to open and two to claim. To give a request up takes one in a
 * table of few bits, and its late reply two; both at the same moment take one more. With a deadline, {@code open} also
 * loads the earliest one, and takes one more if its own is earlier.
 *
 * <p><b>Memory effects.</b> Everything before {@link #open} happens-before everything after the {@link #claim},
 * {@link #send}, {@link #fail} or {@link #drop} that claims the request. Everything before {@code send} happens-before
 * everything after the value is received, as with every {@link Sender}.
 *
 * <p><b>Garbage.</b> A request allocates nothing, whether it is answered, refused or dropped. (A
 * {@link java.util.concurrent.TimeoutException} does. A task that polls, watches the time itself, drops the request and
 * sees {@link Poll#DROPPED} allocates nothing at all.) The table takes 16 bytes a slot, given the compressed references
 * that are the JVM's default, and at most 9 KiB besides, all of it allocated by the constructor; 8 bytes more in a
 * table of few bits. The first request with a deadline allocates 8 bytes a slot, and the first one with a context 4. A
 * reserved slot keeps its sender and its context reachable until another sender takes the slot or the table is closed,
 * and an orphan until its ticket is free. That is 24 bytes, and what is in the channel until the receiver begins its
 * next round: a reply that was not taken or went to a future, for example, or the waker of {@link Sender#onAbandon}.
 *
 * @param <T> the type of the replies
 * @since 0.1.0
 */
public final class ReplyTable<T> implements AutoCloseable {
    /** What {@link #open} returns if the table is full. No request has this ticket. */
    public static final long NO_TICKET = 0;

    /** An array has one more. */
    private static final int MOST_SLOTS = 1 << 30;

    private static final int LEAST_BITS = 8;
    private static final int MOST_BITS = 63;

    /**
     * The words of a slot must not recur while a thread stalls in a call, and each ticket that is chosen takes up to
     * 2<sup>bits</sup> of them.
     */
    private static final int MOST_CHOSEN_BITS = 32;

    private final ReplySlots<T> slots;
    private final PaddedCounter refused = new PaddedCounter();
    private final RoomWakers room;

    /**
     * Lets calls after close be refused at once, and an open that finds no slot tell <em>closed</em> from
     * <em>full</em>. No request is left behind even without it; see ReplySlots.
     */
    private volatile boolean closed;

    /**
     * Creates a table whose tickets have 64 bits, and allocates everything that it will ever need, but for deadlines
     * and contexts.
     *
     * @param capacity the largest number of requests in flight
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public ReplyTable(int capacity) {
        this(new ReplySlots<>(requireCapacity(capacity)));
    }

    private ReplyTable(ReplySlots<T> slots) {
        this.slots = slots;
        room = slots.room;
    }

    /**
     * Creates a table whose tickets are the numbers from 1 to 2<sup>bits</sup> - 1, for a wire that has room for no
     * more. Tickets of requests that are given up are quarantined, see {@link ReplyTable}. Allocates everything that it
     * will ever need, but for deadlines and contexts.
     *
     * @param bits how many bits a ticket has, from 8 to 63
     * @param capacity the largest number of requests in flight, orphans included; at most 2<sup>bits</sup> - 1. The
     *     fewer, the more bits are left for the generation
     * @param <T> the type of the replies
     * @return the table
     * @throws IllegalArgumentException if there are too few or too many bits, or the capacity does not go with them
     */
    public static <T> ReplyTable<T> ofBits(int bits, int capacity) {
        requireBits(bits, MOST_BITS, capacity);
        return new ReplyTable<>(new ReplySlots<>(capacity + 1, 1, bits, false));
    }

    /**
     * Creates a table for which the caller chooses each ticket, a number from 1 to 2<sup>bits</sup> - 1, by
     * {@link #openAs}. The low bits of the number are its slot; so {@code openAs} refuses a ticket if another one with
     * the same low bits is in flight, or an orphan. With random tickets that is rare as long as the capacity is several
     * times the number of requests in flight. Tickets of requests that are given up are quarantined, see
     * {@link ReplyTable}. Allocates everything that it will ever need, but for deadlines and contexts.
     *
     * @param bits how many bits a ticket has, from 8 to 32
     * @param capacity the largest number of requests in flight; rounded up to a power of two, at least four, but not to
     *     more than there are tickets
     * @param <T> the type of the replies
     * @return the table
     * @throws IllegalArgumentException if there are too few or too many bits, or the capacity does not go with them
     */
    public static <T> ReplyTable<T> ofChosenIds(int bits, int capacity) {
        requireBits(bits, MOST_CHOSEN_BITS, capacity);
        int size = 1 << Math.max(FreeList.bits(capacity - 1), 2);
        int first = size == 1L << bits ? 1 : 0; // of slot 0 there would be no ticket but 0
        return new ReplyTable<>(new ReplySlots<>(size, first, bits, true));
    }

    private static void requireBits(int bits, int most, int capacity) {
        if (bits < LEAST_BITS || bits > most) {
            throw new IllegalArgumentException(
                    "a ticket must have from " + LEAST_BITS + " to " + most + " bits, not " + bits);
        }
        if (requireCapacity(capacity) > (1L << bits) - 1 || capacity > MOST_SLOTS) {
            throw new IllegalArgumentException("capacity " + capacity + " is too large: " + bits + " bits make at most "
                    + Math.min((1L << bits) - 1, MOST_SLOTS) + " tickets");
        }
    }

    static int requireCapacity(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
        }
        return capacity;
    }

    /**
     * Puts a request in flight and returns its ticket. Call this before the request goes out, because the reply may
     * come at once. If no slot is free, reclaims the slots of all requests whose receivers gave them up; their tickets
     * find nothing from then on. (In a table of few bits, they become orphans instead.) Any thread. Lock-free: one
     * atomic read-modify-write if a slot is reserved for the sender, otherwise two; more when no slot is free, see
     * <em>Progress</em> in {@link ReplyTable}.
     *
     * <p>The table is <em>full</em> if at some moment during this call every slot was occupied, by a request in flight,
     * an orphan, or a call of another thread in progress. Requests that their receivers gave up before this call do not
     * count, unless they are orphans. A requester that has received its reply finds the slot free. {@link #onRoom} says
     * when to try again.
     *
     * @param sender the live sender of the round; from now on it belongs to the caller that claims it
     * @return the ticket, which can be claimed by every call that this one happens-before; or {@link #NO_TICKET} if the
     *     table is full, and the sender stays with the caller
     * @throws NullPointerException if the sender is null
     * @throws IllegalStateException if the sender is in a table already, consumed or detached, if the table is closed,
     *     or if its tickets are chosen by the caller; nothing has changed, and the sender stays where it was
     */
    @CheckReturnValue
    public long open(Sender<T> sender) {
        return openSlot(sender, null, Deadlines.NONE);
    }

    /**
     * Puts a request in flight, as {@link #open(Sender)}, that {@link #expire} fails if it has no reply by this time.
     *
     * @param sender the live sender of the round
     * @param deadline a time on the scale of {@link System#nanoTime()}
     * @return the ticket, or {@link #NO_TICKET}
     * @throws NullPointerException if the sender is null
     * @throws IllegalStateException as {@link #open(Sender)}
     */
    @CheckReturnValue
    public long open(Sender<T> sender, long deadline) {
        return openSlot(sender, null, Deadlines.at(deadline));
    }

    /**
     * Puts a request in flight, as {@link #open(Sender)}, with what its reader will need to know of it: what was asked,
     * or how to parse the reply. See {@link #context}.
     *
     * @param sender the live sender of the round
     * @param context what belongs to the request; a number is no deadline here
     * @return the ticket, or {@link #NO_TICKET}
     * @throws NullPointerException if an argument is null
     * @throws IllegalStateException as {@link #open(Sender)}
     */
    @CheckReturnValue
    public long open(Sender<T> sender, Object context) {
        return openSlot(sender, Objects.requireNonNull(context, "context"), Deadlines.NONE);
    }

    /**
     * Puts a request in flight, as {@link #open(Sender)}, with a context and a deadline.
     *
     * @param sender the live sender of the round
     * @param context what belongs to the request
     * @param deadline a time on the scale of {@link System#nanoTime()}
     * @return the ticket, or {@link #NO_TICKET}
     * @throws NullPointerException if an argument is null
     * @throws IllegalStateException as {@link #open(Sender)}
     */
    @CheckReturnValue
    public long open(Sender<T> sender, Object context, long deadline) {
        return openSlot(sender, Objects.requireNonNull(context, "context"), Deadlines.at(deadline));
    }

    private long openSlot(Sender<T> sender, @Nullable Object context, long deadline) {
        Objects.requireNonNull(sender, "sender");
        if (closed) {
            throw Errors.tableClosed(slots.closeCause);
        }
        if (slots.isChosen()) {
            throw Errors.ticketsAreChosen();
        }
        long ticket = slots.open(sender, context, deadline);
        if (ticket == NO_TICKET && closed) {
            throw Errors.tableClosed(slots.closeCause);
        }
        return ticket;
    }

    /**
     * Puts a request in flight with a ticket that the caller chooses; only in a table that was made by
     * {@link #ofChosenIds}. Any thread. Wait-free: two atomic read-modify-writes. (With a deadline as
     * {@link #open(Sender, long)}.)
     *
     * @param ticket a number from 1 to 2<sup>bits</sup> - 1
     * @param sender the live sender of the round
     * @return true if the request is in flight; false if the slot of this ticket is taken, by a request in flight or an
     *     orphan: choose another ticket
     * @throws NullPointerException if the sender is null
     * @throws IllegalArgumentException if the ticket is out of range; nothing has changed
     * @throws IllegalStateException as {@link #open(Sender)}, or if the table chooses its tickets itself
     */
    public boolean openAs(long ticket, Sender<T> sender) {
        return openSlotAs(ticket, sender, null, Deadlines.NONE);
    }

    /**
     * Puts a request in flight, as {@link #openAs(long, Sender)}, with a context and a deadline.
     *
     * @param ticket a number from 1 to 2<sup>bits</sup> - 1
     * @param sender the live sender of the round
     * @param context what belongs to the request
     * @param deadline a time on the scale of {@link System#nanoTime()}
     * @return true if the request is in flight; false if the slot of this ticket is taken
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the ticket is out of range; nothing has changed
     * @throws IllegalStateException as {@link #openAs(long, Sender)}
     */
    public boolean openAs(long ticket, Sender<T> sender, Object context, long deadline) {
        return openSlotAs(ticket, sender, Objects.requireNonNull(context, "context"), Deadlines.at(deadline));
    }

    private boolean openSlotAs(long ticket, Sender<T> sender, @Nullable Object context, long deadline) {
        Objects.requireNonNull(sender, "sender");
        if (!slots.isChosen()) {
            throw Errors.ticketsAreGiven();
        }
        if (ticket < 1 || ticket > slots.highestTicket()) {
            throw new IllegalArgumentException(
                    "a ticket of this table is a number from 1 to " + slots.highestTicket() + ", not " + ticket);
        }
        if (slots.openAs(ticket, sender, context, deadline)) {
            return true;
        }
        if (closed) {
            throw Errors.tableClosed(slots.closeCause);
        }
        return false;
    }

    /**
     * Returns the context of the request with this ticket, so that the reader of the wire knows what was asked
     * <em>before</em> it claims, which cannot be undone. Never returns the context of another request, however long the
     * thread stalls inside. Claims nothing, counts nothing. Any thread. Wait-free; no atomic read-modify-write.
     *
     * @param ticket any number
     * @return the context; null if there is no request in flight with this ticket, or it has no context
     */
    @CheckReturnValue
    public @Nullable Object context(long ticket) {
        return slots.context(ticket);
    }

    /**
     * Removes the request from the table, frees its slot, and returns its sender. Exactly one caller gets the sender,
     * and must consume it, or open it again, because the requester waits until then. Any thread. Lock-free: one atomic
     * read-modify-write if the slot stays reserved, otherwise two; see <em>Progress</em> in {@link ReplyTable}.
     *
     * @param ticket any number
     * @return the sender; or null if the ticket is unknown, late or claimed already, which is {@linkplain #refused()
     *     counted}
     */
    @CheckReturnValue
    public @Nullable Sender<T> claim(long ticket) {
        StackRoom.ensureToWake(room);
        Sender<T> sender = slots.claim(ticket);
        if (refused.countUnless(sender != null)) {
            room.wakeAll();
        }
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
        StackRoom.ensureToWake(room);
        Sender<T> sender = slots.claim(ticket);
        if (sender == null) {
            return refused.countUnless(false);
        }
        try {
            return refused.countUnless(sender.send(value));
        } finally {
            room.wakeAll();
        }
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
        StackRoom.ensureToWake(room);
        if (!slots.isInFlight(ticket)) {
            slots.release(ticket);
            return false; // and a timer that comes long after the reply allocates nothing
        }
        Failure failure = new Failure(cause); // may fail: before the claim
        Sender<T> sender = slots.claim(ticket);
        if (sender == null) {
            return false;
        }
        try {
            return sender.consumeBy(failure);
        } finally {
            room.wakeAll();
        }
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
        StackRoom.ensureToWake(room);
        Sender<T> sender = slots.giveUp(ticket);
        if (sender == null) {
            return false;
        }
        try {
            sender.drop();
            return true;
        } finally {
            wakeUnlessOrphaned();
        }
    }

    /**
     * Fails every request whose deadline has passed, with a {@link RequestTimeoutException}. All that one call fails
     * share one exception, which is made by that call. A reply that still comes is refused. Not counted as refused. Any
     * thread; one that calls this while another is inside does no harm. Lock-free. If no deadline can have passed,
     * takes two loads. Otherwise takes two atomic read-modify-writes, visits each slot, and takes for each late request
     * what {@link #drop} takes.
     *
     * <p>There is no timer and no thread: call this from the loop that reads the wire, or from a scheduler, when
     * {@link #nanosUntilExpiry} says so.
     *
     * @param now the time, on the scale of {@link System#nanoTime()}
     * @return how many receivers got the exception
     * @throws IllegalStateException if a sender was consumed outside the table; all others that are late were failed
     */
    public int expire(long now) {
        if (nanosUntilExpiry(now) > 0) {
            return 0;
        }
        StackRoom.ensureToWake(room);
        try {
            return slots.deadlines.expire(slots, now);
        } finally {
            wakeUnlessOrphaned();
        }
    }

    /** Calls those who wait for room, after requests were given up, unless that makes none. */
    private void wakeUnlessOrphaned() {
        if (!slots.isQuarantined()) {
            room.wakeAll();
        }
    }

    /**
     * Returns how long it is until {@link #expire} may have something to do. No request that was opened before this
     * call has an earlier deadline; the request with that deadline may be over by now. A loop that waits as long, or
     * for a tick if that is longer, fails no request early, and none later than by a tick. Any thread. Wait-free: two
     * loads.
     *
     * @param now the time, on the scale of {@link System#nanoTime()}
     * @return the time in nanoseconds; 0 if a deadline may have passed; {@link Long#MAX_VALUE} if there is none
     */
    @CheckReturnValue
    public long nanosUntilExpiry(long now) {
        return slots.deadlines.nanosUntilExpiry(now);
    }

    /**
     * Counts the orphans: tickets that are out of use until their late replies come, see <em>Quarantine</em> in
     * {@link ReplyTable}. A client whose peer leaves more and more of them should close the connection. Visits one slot
     * after the other while requests come and go. Wait-free; no atomic read-modify-write, but loads of each slot.
     *
     * @return how many there are; 0 in a table of 64 bits
     */
    @CheckReturnValue
    public int orphans() {
        int orphans = 0;
        for (int slot = 0; slot < slots.size(); slot++) {
            orphans += slots.isOrphan(slot) ? 1 : 0;
        }
        return orphans;
    }

    /**
     * Frees the tickets of orphans that were opened long ago, where a reply may never come: over datagrams. A reply
     * that comes later still is refused only as long as the generation is another one. Any thread. Lock-free. In a
     * table of few bits, visits each slot once; takes two atomic read-modify-writes for each orphan that it frees, and
     * one for each request that its receiver gave up.
     *
     * @param openedBefore a time on the scale of {@link System#nanoTime()}; younger orphans stay
     * @return how many tickets are free again; 0 in a table of 64 bits
     */
    public int releaseOrphans(long openedBefore) {
        StackRoom.ensureToWake(room);
        int released = 0;
        for (int slot = 0; slot < slots.size(); slot++) {
            released += slots.releaseOpenedBefore(slot, openedBefore) ? 1 : 0;
        }
        return released;
    }

    /**
     * Registers a waker that is called when a slot is free: once for a registration, by the thread that frees the slot,
     * or by this call if one is free already. So a requester that found the table full need neither spin nor keep a
     * queue of its own. All wakers that are registered are called for one slot, and a call may be in vain, as of any
     * {@link Waker}: a requester that finds the table full again registers again. {@link #close()} calls them, too. (A
     * request that its receiver gives up by {@link Receiver#abandon()} calls nobody: the next {@link #open} finds its
     * slot. Give it up by {@link #drop}.) Any thread. Lock-free; allocates only if another waker is registered.
     *
     * @param waker what to call; it must not block
     * @throws NullPointerException if the waker is null
     */
    public void onRoom(Waker waker) {
        room.register(Objects.requireNonNull(waker, "waker"));
        if (closed || slots.hasRoom()) {
            room.wakeAll();
        }
    }

    /**
     * Fails the requests in flight, because their replies will not come, and frees the tickets of orphans. When the
     * connection is gone, {@link #close(Throwable)} is the better choice: what is opened after this call on a dead
     * connection is never answered. Fails every request that was opened before this call, unless another thread claims
     * it first; may fail requests that are opened during the call; fails none that is opened later. Any thread. Visits
     * each slot once, whatever other threads do. For each request that it fails it takes as many atomic
     * read-modify-writes as {@link #fail}. Allocates one failure, which all share.
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
     * @return the capacity that the table was made with
     */
    @CheckReturnValue
    public int capacity() {
        return slots.capacity();
    }

    /**
     * Counts the requests in flight, for monitoring. Includes those that their receivers gave up, until their slots are
     * reclaimed; in a table of few bits these are {@linkplain #orphans() orphans} instead. Visits one slot after the
     * other while requests come and go. Wait-free; no atomic read-modify-write, but loads of each slot.
     *
     * @return how many slots were found open
     */
    @CheckReturnValue
    public int inFlight() {
        int open = 0;
        for (int slot = 0; slot < slots.size(); slot++) {
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
     * Closes the table for good, as {@link #close(Throwable)}. The cause is an {@link IllegalStateException} that says
     * so.
     *
     * @throws IllegalStateException if a sender was consumed outside the table; all others were failed
     */
    @Override
    public void close() {
        close(Errors.tableClosedInFlight(), null);
    }

    /**
     * Closes the table for good, because the connection is gone. Fails the requests in flight with this cause. From
     * then on {@link #open} throws an exception with this cause, and no ticket is found. No request is left behind: one
     * that is opened concurrently is failed as well, or its {@link #open} throws. Idempotent. Any thread. Lock-free.
     * Allocates one failure, which all share.
     *
     * @param cause why there will be no replies
     * @throws NullPointerException if the cause is null; nothing has changed
     * @throws IllegalStateException if a sender was consumed outside the table; all others were failed
     */
    public void close(Throwable cause) {
        close(Objects.requireNonNull(cause, "cause"), cause);
    }

    private void close(Throwable failure, @Nullable Throwable cause) {
        Failure shared = new Failure(failure); // may fail: before anything has changed
        StackRoom.ensure(StackRoom.TO_USE_SENDER);
        if (slots.closeCause == null) {
            slots.closeCause = cause;
        }
        closed = true;
        failEach(shared, true);
    }

    /**
     * Fails each request, all by the same failure: nothing is allocated for a request. One that cannot be failed must
     * not keep the other requesters waiting, so its exception comes last.
     */
    private int failEach(Failure failure, boolean closing) {
        StackRoom.ensure(StackRoom.TO_USE_SENDER);
        int failed = 0;
        Throwable last = null;
        for (int slot = 0; slot < slots.size(); slot++) {
            try {
                Sender<T> sender = closing ? slots.close(slot) : slots.claimFrom(slot);
                failed += sender != null && sender.consumeBy(failure) ? 1 : 0;
            } catch (IllegalStateException | VirtualMachineError thrown) {
                last = thrown;
            }
        }
        room.wakeAll();
        if (last != null) {
            throw Errors.<RuntimeException>asItIs(last);
        }
        return failed;
    }
}
