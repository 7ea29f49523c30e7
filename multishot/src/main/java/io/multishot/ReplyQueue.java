package io.multishot;

import com.google.errorprone.annotations.CheckReturnValue;
import io.multishot.SlotState.Failure;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds the senders of requests in flight when replies come in the order of the requests, as those of Redis, PostgreSQL
 * and pipelined HTTP/1.1 do. Nothing on such a wire says to which request a reply belongs; only the order does. Where a
 * number says it, there is {@link ReplyTable}.
 *
 * <p>The thread that writes requests {@linkplain #open opens} the sender of each, in the order in which they go out.
 * The thread that reads replies passes each to {@link #send}, or to {@link #fail} if the reply is an error.
 *
 * <p><b>Order never shifts.</b> Each request keeps its place until its reply has come, whatever becomes of its
 * requester: a request that is {@linkplain #expire late}, or whose receiver left by {@link Receiver#abandon()},
 * swallows its own reply, and never that of the next one. Only {@link #failAll} and {@link #close()} free places early,
 * because then no replies come. So a queue belongs to one connection: when that is lost, {@link #close(Throwable)} the
 * queue. A reply of the old connection, delivered to a queue in use with a new one, would reach the wrong request.
 *
 * <p><b>Misuse is refused</b> as by a {@link ReplyTable}: a sender that is in a table or queue already, consumed or
 * detached cannot be opened, and one that is consumed behind the queue's back keeps its place until its reply comes.
 *
 * <p><b>Who may call.</b> {@code open} and {@link #onRoom}: one thread at a time, which hands over to the next by any
 * happens-before edge. {@code send} and {@code fail}: one thread at a time, the same or another. All others: any
 * thread, at any time.
 *
 * <p><b>Progress.</b> {@code open} is wait-free and takes one atomic read-modify-write; with a deadline it is
 * lock-free, loads the earliest one, and takes one more if its own is earlier. {@code send} and {@code fail} are
 * lock-free and take one besides the sender's own, and one more if another thread gives the request up at this moment.
 * A reply that nobody wants takes one to count it. A thread that stalls inside a call delays no other thread.
 *
 * <p><b>Memory effects.</b> Everything before {@code open} happens-before everything after the {@code send} or
 * {@code fail} that answers the request. Everything before {@code send} happens-before everything after the value is
 * received, as with every {@link Sender}.
 *
 * <p><b>Garbage.</b> A request allocates nothing in the queue. The queue takes 12 bytes a place, given the compressed
 * references that are the JVM's default, and the first request with a deadline allocates 8 more. A place keeps its
 * sender reachable until another request takes the place or the queue is closed: 24 bytes, and what is in the channel
 * until the receiver begins its next round.
 *
 * @param <T> the type of the replies
 * @since 0.1.0
 */
public final class ReplyQueue<T> implements AutoCloseable {
    /*
     * A ring of places. Each is a word, and beside it a sender and a deadline. The upper bits of the word are the
     * position of a request: how many were opened before it. The two lowest bits are the state.
     *
     *   word          meaning
     *   VACANT p      the place waits for the request with position p
     *   OPEN p        request p is in flight, and its sender stands beside the word
     *   ORPHAN p      request p was given up, and swallows its reply
     *   CLOSED        closed for good
     *
     *   transition, by a CAS            by
     *   VACANT p → OPEN p               open
     *   OPEN p → VACANT p + size        send, fail, failAll
     *   OPEN p → ORPHAN p               expire
     *   ORPHAN p → VACANT p + size      send, fail, failAll
     *   any → CLOSED                    close, by exchange
     *
     * Each word but CLOSED occurs once. A sender is written while its place is vacant, by the one thread that may open.
     * So if a load finds OPEN p and a later compare-and-set still does, a sender that was read in between is that of
     * request p, and exactly one thread gets it. The deadline beside it likewise.
     *
     * The positions of the next request and of the next reply are plain fields, each of one thread at a time. A place
     * whose word is past the next reply's position was freed by failAll, and the reader goes on to the one behind it.
     */
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int STATE_BITS = 2;
    private static final long STATE = (1 << STATE_BITS) - 1;

    private static final long VACANT = 0;
    private static final long OPEN = 1;
    private static final long ORPHAN = 2;
    private static final long CLOSED = -1;

    private final long[] words;
    private final @Nullable Sender<T>[] senders;
    private final Deadlines deadlines;
    private final Deadlines.Requests<T> requests = new Places();
    private final PaddedCounter refused = new PaddedCounter();
    private final RoomWakers room = new RoomWakers();

    /** Why the queue was closed, if that was said. Stored before the words are closed. */
    private volatile @Nullable Throwable closeCause;

    /** The position of the next request; of the thread that opens. */
    private long nextRequest;

    /** Its place. */
    private int requestPlace;

    /** The position of the next reply, or one before it; of the thread that replies. */
    private long nextReply;

    /** Its place. */
    private int replyPlace;

    /**
     * Creates a queue, and allocates everything that it will ever need, but for deadlines.
     *
     * @param capacity the largest number of requests whose replies are to come
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    @SuppressWarnings("unchecked") // nothing but senders of T gets in
    public ReplyQueue(int capacity) {
        words = new long[ReplyTable.requireCapacity(capacity)];
        for (int place = 0; place < capacity; place++) {
            words[place] = word(place, VACANT);
        }
        senders = (Sender<T>[]) new Sender<?>[capacity];
        deadlines = new Deadlines(capacity);
    }

    // ------------------------------------------------------------------ requests

    /**
     * Puts a request in flight, behind all others. Call this before the request goes out, because the reply may come at
     * once, and in the order in which requests go out. One thread at a time. Wait-free; one atomic read-modify-write.
     *
     * @param sender the live sender of the round; from now on it belongs to the queue
     * @return true if the request is in flight; false if the queue is full, of requests in flight and orphans: the
     *     sender stays with the caller, and {@link #onRoom} says when to try again
     * @throws NullPointerException if the sender is null
     * @throws IllegalStateException if the sender is in a table or queue already, consumed or detached, or if the queue
     *     is closed; nothing has changed, and the sender stays where it was
     */
    @CheckReturnValue
    public boolean open(Sender<T> sender) {
        return openPlace(sender, Deadlines.NONE);
    }

    /**
     * Puts a request in flight, as {@link #open(Sender)}, that {@link #expire} fails if it has no reply by this time.
     *
     * @param sender the live sender of the round
     * @param deadline a time on the scale of {@link System#nanoTime()}
     * @return true if the request is in flight; false if the queue is full
     * @throws NullPointerException if the sender is null
     * @throws IllegalStateException as {@link #open(Sender)}
     */
    @CheckReturnValue
    public boolean open(Sender<T> sender, long deadline) {
        return openPlace(sender, Deadlines.at(deadline));
    }

    private boolean openPlace(Sender<T> sender, long deadline) {
        Objects.requireNonNull(sender, "sender");
        int place = requestPlace;
        long vacant = word(nextRequest, VACANT);
        long word = wordVolatile(place);
        if (word == CLOSED) {
            throw Errors.queueClosed(closeCause);
        }
        sender.requireFitForFlight();
        if (word != vacant) {
            return false;
        }
        if (deadline != Deadlines.NONE) {
            StackRoom.ensure(StackRoom.TO_OPEN);
            deadlines.makeRoomFor(deadline);
        }
        int following = following(place); // here, because no call may come between the next request and its place
        deadlines.set(place, deadline);
        senders[place] = sender;
        sender.markInFlight();
        boolean opened = false;
        try {
            opened = wordCompareAndSet(place, vacant, word(nextRequest, OPEN));
        } finally {
            if (!opened) { // or the stack was too short
                senders[place] = null;
                sender.clearInFlight();
            }
        }
        if (!opened) {
            throw Errors.queueClosed(closeCause);
        }
        nextRequest++;
        requestPlace = following;
        if (deadline != Deadlines.NONE) {
            deadlines.include(deadline);
        }
        return true;
    }

    /**
     * Registers a waker that is called when a place is free: once for a registration, by the thread that frees the
     * place, or by this call if one is free already. A call may be in vain, as of any {@link Waker}: then register
     * again. {@link #close()} calls it, too. By the thread that opens. Lock-free; allocates only if another waker is
     * registered.
     *
     * @param waker what to call; it must not block
     * @throws NullPointerException if the waker is null
     */
    public void onRoom(Waker waker) {
        room.register(Objects.requireNonNull(waker, "waker"));
        long word = wordVolatile(requestPlace);
        if (word == CLOSED || word == word(nextRequest, VACANT)) {
            room.wakeAll();
        }
    }

    // ------------------------------------------------------------------ replies

    /**
     * Answers the oldest request whose reply has not come. The reply is used up even if nobody wants it. One thread at
     * a time. Lock-free: one atomic read-modify-write, and those of {@link Sender#send}.
     *
     * @param value the reply
     * @return true if the reply was handed over; false if its requester has left, by its deadline or by its receiver,
     *     or if there is no request whose reply has not come, which is {@linkplain #refused() counted}. The latter
     *     means that the peer has sent more than it was asked for
     * @throws NullPointerException if the value is null; nothing has changed
     * @throws IllegalStateException if the sender was consumed outside the queue; the request is over
     */
    public boolean send(T value) {
        Objects.requireNonNull(value, "value");
        StackRoom.ensureToWake(room);
        try {
            Sender<T> sender = claimOldest();
            return refused.countUnless(sender != null && sender.send(value));
        } finally {
            room.wakeAll();
        }
    }

    /**
     * Fails the oldest request whose reply has not come, because its reply is an error. The same as {@link #send}
     * otherwise; allocates.
     *
     * @param cause what the reply says
     * @return true if the failure was handed over; false as {@link #send}, and counted as well, because it is a reply
     * @throws NullPointerException if the cause is null; nothing has changed
     * @throws IllegalStateException if the sender was consumed outside the queue; the request is over
     */
    public boolean fail(Throwable cause) {
        Failure failure = new Failure(Objects.requireNonNull(cause, "cause"));
        StackRoom.ensureToWake(room);
        try {
            Sender<T> sender = claimOldest();
            return refused.countUnless(sender != null && sender.consumeBy(failure));
        } finally {
            room.wakeAll();
        }
    }

    /** Frees the place of the oldest request. Returns its sender, or null if it was given up or there is none. */
    private @Nullable Sender<T> claimOldest() {
        while (true) {
            int place = replyPlace;
            long word = wordVolatile(place);
            if (word == CLOSED || word == word(nextReply, VACANT)) {
                return null;
            }
            boolean isOldest = positionOf(word) == nextReply; // otherwise failAll has freed the place
            boolean isOpen = stateOf(word) == OPEN;
            int following = following(place);
            Sender<T> sender = senders[place];
            if (isOldest && isOpen) {
                StackRoom.ensureToUse(sender);
            }
            if (isOldest && !free(place, word)) {
                continue; // given up, failed or closed at this moment
            }
            nextReply++;
            replyPlace = following;
            if (isOldest) {
                return isOpen ? landed(sender) : null;
            }
        }
    }

    /** Takes the mark off a sender whose request this thread has claimed. */
    private static <T> @Nullable Sender<T> landed(@Nullable Sender<T> sender) {
        if (sender != null) {
            sender.clearInFlight();
        }
        return sender;
    }

    // ------------------------------------------------------------------ requests without a reply

    /**
     * Fails every request whose deadline has passed, with a {@link RequestTimeoutException}. Each keeps its place until
     * its reply has come. All that one call fails share one exception, which is made by that call. Not counted as
     * refused, but the reply is. Any thread. Lock-free. If no deadline can have passed, takes two loads. Otherwise
     * takes two atomic read-modify-writes, visits each place, and takes one more for each late request, and those of
     * {@link Sender#fail}.
     *
     * <p>There is no timer and no thread: call this from the loop that reads the wire, or from a scheduler, when
     * {@link #nanosUntilExpiry} says so.
     *
     * @param now the time, on the scale of {@link System#nanoTime()}
     * @return how many receivers got the exception
     * @throws IllegalStateException if a sender was consumed outside the queue; all others that are late were failed
     */
    public int expire(long now) {
        return nanosUntilExpiry(now) > 0 ? 0 : deadlines.expire(requests, now);
    }

    /**
     * Returns how long it is until {@link #expire} may have something to do. No request that was opened before this
     * call has an earlier deadline; the request with that deadline may be over by now. Any thread. Wait-free: two
     * loads.
     *
     * @param now the time, on the scale of {@link System#nanoTime()}
     * @return the time in nanoseconds; 0 if a deadline may have passed; {@link Long#MAX_VALUE} if there is none
     */
    @CheckReturnValue
    public long nanosUntilExpiry(long now) {
        return deadlines.nanosUntilExpiry(now);
    }

    /**
     * Fails the requests in flight, because their replies will not come, and frees all places. Use this only if the
     * peer has forgotten the requests, but the connection lives on: a reply that comes all the same reaches a later
     * request. When the connection is gone, {@link #close(Throwable)}. Fails every request that was opened before this
     * call, unless its reply comes at this moment; may fail requests that are opened during the call. Any thread.
     * Lock-free; visits each place once. Allocates one failure, which all share.
     *
     * @param cause why there will be no replies
     * @return how many receivers got the cause
     * @throws NullPointerException if the cause is null; nothing was failed
     * @throws IllegalStateException if a sender was consumed outside the queue; all others were failed
     */
    public int failAll(Throwable cause) {
        return failEach(new Failure(Objects.requireNonNull(cause, "cause")), false);
    }

    /**
     * Closes the queue for good, as {@link #close(Throwable)}. The cause is an {@link IllegalStateException} that says
     * so.
     *
     * @throws IllegalStateException if a sender was consumed outside the queue; all others were failed
     */
    @Override
    public void close() {
        close(Errors.queueClosedInFlight(), null);
    }

    /**
     * Closes the queue for good, because the connection is gone. Fails the requests in flight with this cause. From
     * then on {@link #open} throws an exception with this cause, and replies are refused. No request is left behind:
     * one that is opened concurrently is failed as well, or its {@link #open} throws. Idempotent. Any thread.
     * Lock-free. Allocates one failure, which all share.
     *
     * @param cause why there will be no replies
     * @throws NullPointerException if the cause is null; nothing has changed
     * @throws IllegalStateException if a sender was consumed outside the queue; all others were failed
     */
    public void close(Throwable cause) {
        close(Objects.requireNonNull(cause, "cause"), cause);
    }

    private void close(Throwable failure, @Nullable Throwable cause) {
        Failure shared = new Failure(failure); // may fail: before anything has changed
        StackRoom.ensure(StackRoom.TO_USE_SENDER);
        if (closeCause == null) {
            closeCause = cause;
        }
        failEach(shared, true);
    }

    /**
     * Fails each request, all by the same failure. One that cannot be failed must not keep the other requesters
     * waiting, so its exception comes last.
     */
    private int failEach(Failure failure, boolean closing) {
        StackRoom.ensure(StackRoom.TO_USE_SENDER);
        int failed = 0;
        Throwable last = null;
        for (int place = 0; place < words.length; place++) {
            try {
                Sender<T> sender = closing ? close(place) : claimFrom(place);
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

    /** Frees this place. Returns the sender of the request that was in flight there, or null if there was none. */
    private @Nullable Sender<T> claimFrom(int place) {
        long word;
        Sender<T> sender;
        do {
            word = wordVolatile(place);
            if (stateOf(word) != OPEN && stateOf(word) != ORPHAN) {
                return null;
            }
            sender = senders[place];
            if (stateOf(word) == OPEN) {
                StackRoom.ensureToUse(sender);
            }
        } while (!free(place, word));
        return stateOf(word) == OPEN ? landed(sender) : null;
    }

    /** Closes this place. Returns the sender of the request that was in flight there, or null if there was none. */
    private @Nullable Sender<T> close(int place) {
        long word = wordGetAndSetClosed(place);
        if (word == CLOSED) {
            return null; // the thread that closed the place first may be about to read the sender
        }
        Sender<T> sender = senders[place];
        senders[place] = null;
        return stateOf(word) == OPEN ? landed(sender) : null;
    }

    // ------------------------------------------------------------------ for monitoring

    /**
     * Returns the largest number of requests whose replies are to come.
     *
     * @return the capacity that was given to the constructor
     */
    @CheckReturnValue
    public int capacity() {
        return words.length;
    }

    /**
     * Counts the requests in flight, for monitoring: those whose receivers still want the replies. Visits one place
     * after the other while requests come and go. Wait-free; no atomic read-modify-write, but loads of each place.
     *
     * @return how many there are
     */
    @CheckReturnValue
    public int inFlight() {
        int inFlight = 0;
        for (int place = 0; place < words.length; place++) {
            inFlight += stateOf(wordVolatile(place)) == OPEN && !isDetached(place) ? 1 : 0;
        }
        return inFlight;
    }

    /**
     * Counts the requests that were given up, by {@link #expire} or by their receivers, and keep their places until
     * their replies have come. A client whose peer leaves more and more of them should close the connection. The cost
     * is that of {@link #inFlight}.
     *
     * @return how many there are
     */
    @CheckReturnValue
    public int orphans() {
        int orphans = 0;
        for (int place = 0; place < words.length; place++) {
            long state = stateOf(wordVolatile(place));
            orphans += state == ORPHAN || (state == OPEN && isDetached(place)) ? 1 : 0;
        }
        return orphans;
    }

    /**
     * Returns how many replies were refused so far: each {@link #send} and each {@link #fail} that returned false.
     * Wait-free.
     *
     * @return the count
     */
    @CheckReturnValue
    public long refused() {
        return refused.count();
    }

    private boolean isDetached(int place) {
        Sender<T> sender = senders[place];
        return sender != null && sender.isDetached();
    }

    // ------------------------------------------------------------------ the words

    /** The requests, as their deadlines see them. */
    private final class Places implements Deadlines.Requests<T> {
        /** Loads no field in the loop, that would cost half as much again. Ordering: as {@link #wordVolatile}. */
        @Override
        public long earliest(long[] times, int from, int to, long now) {
            long[] all = words;
            long earliest = Deadlines.NONE;
            long least = Long.MAX_VALUE;
            for (int place = from; place < to; place++) {
                boolean isOpen = stateOf((long) WORD.getVolatile(all, place)) == OPEN;
                long time = times[place];
                long order = Deadlines.order(time, now);
                if (isOpen && order <= least && time != Deadlines.NONE) {
                    earliest = time;
                    least = order;
                }
            }
            return earliest;
        }

        @Override
        public @Nullable Sender<T> claimLate(int place, long now) {
            long word = wordVolatile(place);
            if (stateOf(word) != OPEN || !Deadlines.hasPassed(deadlines.of(place), now)) {
                return null;
            }
            Sender<T> sender = senders[place];
            StackRoom.ensureToUse(sender);
            return wordCompareAndSet(place, word, word(positionOf(word), ORPHAN)) ? landed(sender) : null;
        }
    }

    /** Frees a place whose request is in flight or given up. Returns false if the word is another one by now. */
    private boolean free(int place, long word) {
        return wordCompareAndSet(place, word, word(positionOf(word) + words.length, VACANT));
    }

    private int following(int place) {
        return place + 1 == words.length ? 0 : place + 1;
    }

    private static long word(long position, long state) {
        return position << STATE_BITS | state;
    }

    private static long positionOf(long word) {
        return word >>> STATE_BITS;
    }

    private static long stateOf(long word) {
        return word & STATE;
    }

    /**
     * Loads the word of a place, before its sender and its deadline are read. Ordering: volatile, pairs with
     * {@link #wordCompareAndSet}: they are visible. By onRoom and expire, it is the second half of a Dekker pair.
     */
    private long wordVolatile(int place) {
        return (long) WORD.getVolatile(words, place);
    }

    /**
     * Transitions: all but to CLOSED. Ordering: volatile. The release half of open publishes the sender and everything
     * before it; the acquire half of the others makes that visible to the winner. It comes before the loads of the
     * wakers and of the earliest deadline, as the first half of Dekker pairs.
     */
    private boolean wordCompareAndSet(int place, long seen, long next) {
        return WORD.compareAndSet(words, place, seen, next);
    }

    /** Transition: any → CLOSED. Ordering: volatile, as {@link #wordCompareAndSet}. */
    private long wordGetAndSetClosed(int place) {
        return (long) WORD.getAndSet(words, place, CLOSED);
    }
}
