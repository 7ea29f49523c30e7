package io.multishot.aeron;

import io.multishot.aeron.PendingReply.Claim;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BitUtil;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a responder has in hand: passed to the handler, and not replied to yet. It gives each request a
 * place, finds the one that is cancelled, and ends those that nobody waits for. Methods without a remark on threads
 * belong to the engine's thread.
 */
final class InHand<R> {
    /** Places beyond the capacity, for sessions that have none. */
    private static final int MAX_EXTRA_PLACES = 1024;

    private static final long NEVER = Long.MAX_VALUE;

    final Encoder<R> encoder;

    final Engine engine;
    private final int capacity;
    private final int quota;
    private final long maxAgeNanos;
    private final boolean recycling;

    /** Those that are in no request. */
    private final ArrayDeque<PendingReply<R>> free;

    /** Those whose request has ended, until this learns of it. */
    private final ManyToOneConcurrentArrayQueue<PendingReply<R>> givenBack;

    /** Requests whose senders have become unreachable. */
    private final Queue<Leak<R>> leaks = new ConcurrentLinkedQueue<>();

    /** Those in hand, in chains by the hash of what a cancel names. */
    private final @Nullable PendingReply<R>[] byHash;

    /**
     * The number that are not free, those given back included. Written on the engine's thread; opaque suffices for
     * those that monitor it.
     */
    private final AtomicInteger taken = new AtomicInteger();

    private final AtomicLong backPressured = new AtomicLong();

    /**
     * The request that the handler is being called for, until it has replied; null at other times. While it is set,
     * nothing here walks through the chains.
     */
    private @Nullable PendingReply<R> handled;

    /** When {@link #endOverdue} has something to do, at the earliest. */
    private long nextDue = NEVER;

    private record Leak<R>(PendingReply<R> reply, long round) {}

    InHand(ResponderBuilder<?, R> settings) {
        encoder = settings.encoder;
        engine = settings.engine;
        capacity = settings.capacity;
        quota = settings.quota == 0 ? capacity : settings.quota;
        maxAgeNanos = settings.maxAge == null ? 0 : settings.maxAge.toNanos();
        recycling = settings.recycling;
        free = new ArrayDeque<>(capacity);
        for (int i = 0; i < capacity; i++) {
            free.push(new PendingReply<>(this, recycling));
        }
        givenBack = new ManyToOneConcurrentArrayQueue<>(capacity + MAX_EXTRA_PLACES);
        @SuppressWarnings({"unchecked", "rawtypes"})
        @Nullable PendingReply<R>[] chains = new PendingReply[BitUtil.findNextPositivePowerOfTwo(capacity)];
        byHash = chains;
    }

    /** Returns how many requests are in hand. Any thread. */
    int size() {
        return Math.max(taken.getOpaque() - givenBack.size(), 0);
    }

    /** Takes note that a reply could not be sent for lack of space. Any thread. */
    void onBackPressure() {
        backPressured.incrementAndGet();
    }

    /** Any thread. */
    long backPressured() {
        return backPressured.get();
    }

    /**
     * Returns a place for a request of a session; null if there is none. A session with nothing in hand always gets
     * one, whatever others have in hand.
     */
    @Nullable PendingReply<R> take(Session session) {
        if (session.inHand >= quota || free.isEmpty()) {
            collect();
        }
        PendingReply<R> place = null;
        if (session.inHand < quota) {
            place = free.poll();
        }
        if (place == null && session.inHand == 0 && taken.getPlain() < capacity + MAX_EXTRA_PLACES) {
            place = new PendingReply<>(this, recycling);
        }
        if (place != null) {
            session.inHand++;
            taken.setOpaque(taken.getPlain() + 1);
        }
        return place;
    }

    /** Takes note that the handler is about to get a request. */
    void beginHandling(PendingReply<R> begun) {
        handled = begun;
    }

    /** Takes note that the handler has returned. Most replies are sent by then, and their requests not kept here. */
    void endHandling(PendingReply<R> begun) {
        if (handled == begun) {
            handled = null;
            add(begun);
        }
    }

    private void add(PendingReply<R> begun) {
        int chain = chain(begun.session(), begun.requester(), begun.ticket());
        begun.next = byHash[chain];
        byHash[chain] = begun;
        begun.due = due(begun);
        if (begun.due != NEVER && (nextDue == NEVER || begun.due - nextDue < 0)) {
            nextDue = begun.due;
        }
    }

    /** Times wrap around, so {@link #NEVER} is never compared with one. */
    private long due(PendingReply<R> begun) {
        long oldAge = maxAgeNanos == 0 ? NEVER : begun.begun + maxAgeNanos;
        if (!begun.isPatient()) {
            return oldAge;
        }
        return oldAge != NEVER && oldAge - begun.deadline() < 0 ? oldAge : begun.deadline();
    }

    private int chain(@Nullable Session session, int requester, long ticket) {
        long key = (session == null ? 0 : session.sessionId) ^ (requester * 0x9E37_79B9_7F4A_7C15L);
        return (int) (((key + ticket) * 0xD6E8_FEB8_6659_FD93L) >>> 32) & (byHash.length - 1);
    }

    /** Takes back a place whose request has ended. Any thread. Wait-free but for the queue's CAS. */
    void giveBack(PendingReply<R> ended) {
        if (engine.isInDutyCycle() && handled == ended) {
            handled = null;
            release(ended);
        } else if (!givenBack.offer(ended)) {
            throw new AssertionError("more replies were given back than taken");
        }
    }

    /** Takes note that a request's sender has become unreachable. Any thread. */
    void onLeak(PendingReply<R> reply, long round) {
        leaks.add(new Leak<>(reply, round));
    }

    /** Makes the places that were given back available again. */
    private void collect() {
        for (PendingReply<R> ended = givenBack.poll(); ended != null; ended = givenBack.poll()) {
            remove(ended);
            release(ended);
        }
    }

    /** Makes a place that is in no chain available again. */
    private void release(PendingReply<R> ended) {
        Session session = ended.session();
        if (session != null) {
            session.inHand--;
        }
        taken.setOpaque(taken.getPlain() - 1);
        if (free.size() < capacity) {
            free.push(ended);
        }
    }

    private void remove(PendingReply<R> ended) {
        int chain = chain(ended.session(), ended.requester(), ended.ticket());
        @Nullable PendingReply<R> each = byHash[chain];
        if (each == ended) {
            byHash[chain] = ended.next;
        } else {
            while (each != null && each.next != ended) {
                each = each.next;
            }
            if (each != null) {
                each.next = ended.next;
            }
        }
        ended.next = null;
    }

    /**
     * Tells the workers on a request that was cancelled, or on all of a requester's. They keep their places, since they
     * may be at work. Returns how many were told.
     */
    int cancel(Session session, int requester, long ticket) {
        int told = 0;
        if (ticket == Frame.NO_TICKET) {
            for (@Nullable PendingReply<R> chain : byHash) {
                told += cancel(chain, session, requester, ticket);
            }
        } else {
            told = cancel(byHash[chain(session, requester, ticket)], session, requester, ticket);
        }
        return told;
    }

    private int cancel(@Nullable PendingReply<R> chain, Session session, int requester, long ticket) {
        int told = 0;
        for (@Nullable PendingReply<R> each = chain; each != null; each = each.next) {
            if (each.isFor(session, requester, ticket) && !each.isOver(each.round())) {
                markUnwanted(each);
                told++;
            }
        }
        return told;
    }

    /**
     * Ends all requests of a session that has ended. Returns false if a thread is about to reply to one; then this is
     * to be called again.
     */
    boolean abandonAll(Session session) {
        boolean haveEnded = true;
        for (@Nullable PendingReply<R> chain : byHash) {
            for (@Nullable PendingReply<R> each = chain; each != null; each = each.next) {
                if (each.session() == session) {
                    haveEnded &= each.abandon(each.round());
                }
            }
        }
        return haveEnded;
    }

    /** Returns whether {@link #endOverdue} is to be called. */
    boolean hasOverdue(long now) {
        return (nextDue != NEVER && now - nextDue >= 0) || !leaks.isEmpty();
    }

    /**
     * Tells the workers on requests whose patience is at an end, and fails requests that are too old. One that is being
     * replied to, or whose failure cannot be sent now, is tried again.
     *
     * @return how many workers were told
     */
    int endOverdue(long now) {
        collect();
        dropLeaked();
        nextDue = NEVER;
        int expired = 0;
        for (@Nullable PendingReply<R> chain : byHash) {
            for (@Nullable PendingReply<R> each = chain; each != null; each = each.next) {
                if (each.due == NEVER || each.isOver(each.round())) {
                    continue;
                }
                if (now - each.due >= 0) {
                    expired += endOverdue(each, now) ? 1 : 0;
                }
                if (each.due != NEVER && (nextDue == NEVER || each.due - nextDue < 0)) {
                    nextDue = each.due;
                }
            }
        }
        return expired;
    }

    /** Tells the worker, once: from now on the patience is not what the request is looked at for. */
    private void markUnwanted(PendingReply<R> unwanted) {
        unwanted.markUnwanted();
        unwanted.due = due(unwanted);
    }

    /** Returns true if the patience is at an end. */
    private boolean endOverdue(PendingReply<R> overdue, long now) {
        if (overdue.isPatient() && now - overdue.deadline() >= 0) {
            markUnwanted(overdue);
            return true;
        }
        if (failOld(overdue)) {
            overdue.due = NEVER;
        }
        return false;
    }

    private boolean failOld(PendingReply<R> old) {
        long round = old.round();
        if (old.claimToEnd(round) != Claim.CLAIMED) {
            return old.isOver(round);
        }
        SendResult result = SendResult.BACK_PRESSURED;
        try {
            result = old.fail(
                    0,
                    "the responder gave this request up, since its handler had it for more than "
                            + TimeUnit.NANOSECONDS.toMillis(maxAgeNanos)
                            + " ms: whether it was carried out is unknown");
        } finally {
            old.finishEnding(result);
        }
        return result != SendResult.BACK_PRESSURED;
    }

    private void dropLeaked() {
        for (int left = leaks.size(); left > 0; left--) {
            Leak<R> leak = leaks.remove();
            if (leak.reply.claimToEnd(leak.round) == Claim.CLAIMED) {
                SendResult result = SendResult.BACK_PRESSURED;
                try {
                    result = leak.reply.drop();
                } finally {
                    leak.reply.finishEnding(result);
                }
                if (result == SendResult.BACK_PRESSURED) {
                    leaks.add(leak);
                }
            }
        }
    }
}
