package io.multishot;

import io.multishot.SlotState.Failure;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of the requests in a {@link ReplyTable} or {@link ReplyQueue}, one number for each slot, and a bound:
 * no request has an earlier one.
 */
final class Deadlines {
    /*
     * Times are those of System.nanoTime(), with the highest bit inverted, so that 0 can stand for no time; differences
     * are the same. A deadline is written by the owner of its slot, before it opens the slot, and belongs to the
     * request if the word of the slot is the same before and after it was read.
     *
     * The bound is the earlier one of two: the earliest that the last complete walk found, and the earliest that was
     * included since that walk began. Each request is counted in one of them at all times after its open:
     *
     *   begin        walked = min(walked, included), then included → NONE by a CAS that expects what went into walked
     *   the walk     loads the words of all slots
     *   end          walked = the earliest that the walk found
     *   include      included = min(included, deadline), after the slot was opened
     *
     * Dekker: an open changes the word of its slot, then loads the included time. A walk sets the included time to
     * NONE, then loads the words. All four are volatile, so either the walk finds the request, or its open finds the
     * NONE, or what later opens wrote over it, and includes its deadline.
     *
     * A walk passes a stride of slots in one tight loop, which loads each word, then the deadline beside it, and finds
     * the earliest deadline of open slots. Only if that one has passed, it visits the slots of the stride once more: to
     * claim what is late, and to find what is left.
     *
     * One walk at a time raises the bound: the one that got the flag. Walks beside it change neither number. If the
     * thread of such a walk never returns, the bound stays where it is, and is early: expire is called in vain, but
     * never too late.
     */
    private static final VarHandle INCLUDED = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "included", VarHandle.class, Deadlines.class, long.class);

    private static final VarHandle WALKING = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "walking", VarHandle.class, Deadlines.class, boolean.class);

    private static final VarHandle TIMES = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "times", VarHandle.class, Deadlines.class, long[].class);

    /** No deadline. */
    static final long NONE = 0;

    /**
     * A bound that is early: two deadlines are so far apart that only who knows the time can tell which one is earlier.
     * A timeout of {@link Long#MAX_VALUE} nanoseconds beside a request that is late suffices.
     */
    private static final long UNORDERED = 1L << 62;

    /** Deadlines that are not further apart than this are in order. */
    private static final long FAR = 1L << 62;

    /**
     * How many nanoseconds a clock may have gone on after a call was given the time: four minutes. The longest timeout,
     * counted from the later reading, is so much further ahead than a long can tell.
     */
    private static final long LATER_READING = 1L << 38;

    /** How many slots a walk passes in one tight loop, before it turns to those that are late. */
    private static final int STRIDE = 256;

    /** The requests that the deadlines belong to. */
    interface Requests<T> {
        /**
         * Returns the earliest deadline of the requests in these slots, seen from now; NONE if there is none. Such a
         * request may be over already.
         *
         * @param times the deadlines of all slots
         * @param from the first slot
         * @param to the one behind the last slot
         */
        long earliest(long[] times, int from, int to, long now);

        /** Claims the request in this slot, if its deadline has passed. Returns null if another thread was faster. */
        @Nullable Sender<T> claimLate(int slot, long now);
    }

    private final int slots;

    /** From the first request on that has a deadline. */
    private volatile long @Nullable [] times;

    private volatile long walked = NONE;
    private volatile long included = NONE;
    private volatile boolean walking;

    Deadlines(int slots) {
        this.slots = slots;
    }

    /**
     * Returns this time of {@link System#nanoTime()} as a deadline. A time that means something else is a moment later.
     */
    static long at(long nanoTime) {
        long deadline = inverted(nanoTime);
        return deadline == NONE || deadline == UNORDERED ? deadline + 1 : deadline;
    }

    private static long inverted(long nanoTime) {
        return nanoTime ^ Long.MIN_VALUE;
    }

    static boolean hasPassed(long deadline, long now) {
        return deadline != NONE && order(deadline, now) <= order(now, now);
    }

    /**
     * Returns a number by which deadlines are in order, seen from now. This is how far the deadline is ahead, less
     * {@link #LATER_READING}, so that the longest timeout does not overflow. At the end of all times, at
     * {@link Long#MAX_VALUE}, every number from 0 on has passed, and there is no later reading.
     */
    static long order(long deadline, long now) {
        long later = now + LATER_READING;
        return deadline - (now < 0 && later >= 0 ? inverted(Long.MAX_VALUE) : later);
    }

    /** Returns the earlier one of two deadlines or bounds, seen from now. */
    private static long earlier(long one, long other, long now) {
        if (one == NONE || other == UNORDERED) {
            return other;
        }
        return other != NONE && one != UNORDERED && order(other, now) < order(one, now) ? other : one;
    }

    /** Returns the earlier one of a bound and a deadline, without the time. */
    private static long earlier(long bound, long deadline) {
        if (bound == NONE) {
            return deadline;
        }
        long apart = deadline - bound;
        if (bound == UNORDERED || apart > FAR || apart < -FAR) {
            return UNORDERED;
        }
        return apart < 0 ? deadline : bound;
    }

    /** Allocates the numbers, if this is the first deadline. */
    void makeRoomFor(long deadline) {
        if (deadline != NONE && times == null) {
            TIMES.compareAndSet(this, null, new long[slots]);
        }
    }

    /** Sets the deadline of a slot, which the caller owns. */
    void set(int slot, long deadline) {
        long[] all = times;
        if (all != null) {
            all[slot] = deadline;
        }
    }

    long of(int slot) {
        long[] all = times;
        return all == null ? NONE : all[slot];
    }

    /** Makes the bound as early as this deadline, whose slot is open. Loops while other threads change it. */
    void include(long deadline) {
        long seen;
        long next;
        do {
            seen = included;
            next = earlier(seen, deadline);
            if (next == seen) {
                return;
            }
        } while (!includedCompareAndSet(seen, next));
    }

    /**
     * Returns how long it is until a deadline can have passed; 0 if one may have, the largest number if there is none.
     */
    long nanosUntilExpiry(long nanoTime) {
        long now = inverted(nanoTime);
        long bound = included; // before walked, which begin makes as early first
        bound = earlier(bound, walked, now);
        if (bound == UNORDERED || hasPassed(bound, now)) {
            return 0;
        }
        long left = bound - now;
        return bound == NONE || left < 0 ? Long.MAX_VALUE : left; // negative if it is more than a long can tell
    }

    /**
     * Fails the requests whose deadlines have passed, all by the same failure. The caller has found that one may have,
     * by {@link #nanosUntilExpiry}; otherwise this walks in vain. One that cannot be failed must not keep the others
     * waiting, so its exception comes last.
     *
     * @return how many receivers got the failure
     */
    <T> int expire(Requests<T> requests, long nanoTime) {
        long now = inverted(nanoTime);
        StackRoom.ensure(StackRoom.TO_USE_SENDER);
        boolean mayRaise = begin(now);
        boolean complete = false;
        long earliest = NONE;
        int expired = 0;
        Failure failure = null;
        Throwable last = null;
        try {
            long[] all = Objects.requireNonNull(times); // there was a deadline: there is a bound
            for (int from = 0, to; from < slots; from = to) {
                to = from + Math.min(slots - from, STRIDE);
                long next = requests.earliest(all, from, to, now);
                if (!hasPassed(next, now)) {
                    earliest = earlier(earliest, next, now);
                    continue;
                }
                if (failure == null) {
                    failure = new Failure(Errors.requestTimeout()); // may fail: before the claim
                }
                for (int slot = from; slot < to; slot++) {
                    try {
                        Sender<T> sender = hasPassed(all[slot], now) ? requests.claimLate(slot, now) : null;
                        expired += sender != null && sender.consumeBy(failure) ? 1 : 0;
                    } catch (IllegalStateException | VirtualMachineError thrown) {
                        last = thrown;
                    }
                }
                earliest = earlier(earliest, requests.earliest(all, from, to, now), now);
            }
            complete = last == null;
        } finally {
            if (mayRaise) {
                end(complete ? earliest : walked);
            }
        }
        if (last != null) {
            throw Errors.<RuntimeException>asItIs(last);
        }
        return expired;
    }

    /** Begins a walk. Returns whether it may raise the bound; then {@link #end} must follow. */
    private boolean begin(long now) {
        if (walking || !WALKING.compareAndSet(this, false, true)) {
            return false;
        }
        long seen;
        do {
            seen = included;
            walked = earlier(walked, seen, now);
        } while (!includedCompareAndSet(seen, NONE));
        return true;
    }

    /** Ends a walk. This is the earliest deadline that is left, or that of before. */
    private void end(long earliest) {
        walked = earliest;
        walking = false;
    }

    private boolean includedCompareAndSet(long seen, long next) {
        return INCLUDED.compareAndSet(this, seen, next);
    }
}
