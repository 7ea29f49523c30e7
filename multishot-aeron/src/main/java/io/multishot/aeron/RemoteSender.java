package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import io.multishot.Waker;
import io.multishot.aeron.PendingReply.Claim;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends the outcome of one request, once, from any thread: with {@link #send}, {@link #fail} or {@link #drop}. If one
 * of these returns {@link SendResult#BACK_PRESSURED}, nothing was sent, and the sender can be used again. Any other
 * result consumes it, and a further use throws.
 *
 * <p>If nobody waits for the reply any more, {@link #isAbandoned()} returns true. A reply that is sent all the same
 * harms nobody: the requester refuses it.
 *
 * <p>Each request gets a new sender, so a stale one can never reply to another request. With
 * {@link ResponderBuilder#recycling()}, a consumed sender is recycled for a later request, so keep no reference to it.
 * When assertions are enabled, senders are not recycled, and one that becomes unreachable before it is consumed drops
 * its request, and that is logged.
 *
 * @param <R> the type of the replies
 * @since 0.1.0
 */
public final class RemoteSender<R> {
    static final boolean CHECKED = RemoteSender.class.desiredAssertionStatus();

    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final PendingReply<R> reply;

    /** The round of the reply that this is good for. Changed only when this is recycled. */
    private long round;

    /**
     * Whether a use has consumed this; otherwise a round that is over was abandoned. Written before the state of the
     * reply, by the thread that has claimed it, and read after it.
     */
    private boolean consumed;

    /** Creates a sender to be recycled. */
    RemoteSender(PendingReply<R> reply) {
        this.reply = reply;
    }

    /** Creates a sender for one round. */
    RemoteSender(PendingReply<R> reply, long round) {
        this.reply = reply;
        this.round = round;
        if (CHECKED) {
            SenderLeakWatch.watch(this, reply, round);
        }
    }

    /** Makes this the sender of a new round. The engine's thread, which passes it to the handler afterwards. */
    void recycle(long newRound) {
        round = newRound;
        consumed = false;
    }

    /**
     * Replies with a value.
     *
     * @param value the reply
     * @return {@link SendResult#ACCEPTED} if it was sent; {@link SendResult#NOT_CONNECTED} if it can reach no
     *     requester, because that is gone or unreachable, or because the request was in hand for too long;
     *     {@link SendResult#BACK_PRESSURED} if nothing was sent and the sender can be used again
     * @throws NullPointerException if the value is null
     * @throws IllegalArgumentException if the reply is larger than the channel can carry, or than the requester takes;
     *     the sender can be used again. Exceptions of the encoder propagate with the same effect
     * @throws IllegalStateException if the sender is consumed, or in use by another thread
     */
    @CheckReturnValue
    public SendResult send(R value) {
        Objects.requireNonNull(value, "value");
        SendResult unclaimed = claim();
        if (unclaimed != null) {
            return unclaimed;
        }
        SendResult result = SendResult.BACK_PRESSURED; // if this throws, nothing was sent either
        try {
            result = reply.send(value);
        } finally {
            finish(result);
        }
        return result;
    }

    /**
     * Replies with a failure: the requester's receiver fails with a {@link RemoteFailureException} that has the text of
     * the cause; and its code, if the cause is such an exception itself.
     *
     * @param cause why there is no reply
     * @return as {@link #send}
     * @throws NullPointerException if the cause is null
     * @throws IllegalStateException if the sender is consumed, or in use by another thread
     */
    @CheckReturnValue
    public SendResult fail(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        SendResult unclaimed = claim();
        return unclaimed == null ? failClaimed(cause) : unclaimed;
    }

    private SendResult failClaimed(Throwable cause) {
        SendResult result = SendResult.BACK_PRESSURED;
        try {
            result = reply.fail(cause);
        } finally {
            finish(result);
        }
        return result;
    }

    /**
     * Says that there will be no reply: the requester's receiver reports a drop.
     *
     * @return as {@link #send}
     * @throws IllegalStateException if the sender is consumed, or in use by another thread
     */
    @CheckReturnValue
    public SendResult drop() {
        SendResult unclaimed = claim();
        if (unclaimed != null) {
            return unclaimed;
        }
        SendResult result = SendResult.BACK_PRESSURED;
        try {
            result = reply.drop();
        } finally {
            finish(result);
        }
        return result;
    }

    /**
     * Returns whether nobody waits for the reply any more, so that work on it can stop: the request was cancelled, its
     * patience is at an end, it was in hand for longer than {@link ResponderBuilder#maxAge(Duration)}, or the requester
     * is gone or unreachable. Wait-free. Any thread.
     *
     * @return true if a reply would be of no use; false, too, if the sender is consumed
     */
    @CheckReturnValue
    public boolean isAbandoned() {
        if (reply.isOver(round)) {
            return !consumed;
        }
        boolean isUnwanted = reply.isUnwanted(round);
        VarHandle.loadLoadFence(); // if that was said of a later round, the next load sees it
        return reply.isOver(round) ? !consumed : isUnwanted;
    }

    /**
     * Returns for how long the reply is of use: what is left of the patience that the request was sent with. To be
     * compared with how long the work on it takes. Wait-free. Any thread.
     *
     * @return zero if nobody waits any more; 292 years if the request was sent without a limit
     */
    @CheckReturnValue
    public Duration remaining() {
        long nanos = reply.remainingNanos();
        if (isAbandoned()) {
            return Duration.ZERO;
        }
        return nanos == Long.MAX_VALUE ? FOREVER : Duration.ofNanos(nanos);
    }

    /**
     * Registers a waker that is called once if {@link #isAbandoned()} becomes true because the request was cancelled,
     * its patience is at an end, it is too old, or its session has ended; at once if that has happened. The last one
     * that is registered counts. Lock-free. Any thread.
     *
     * @param waker called on the engine's thread, or on this one, so it must be brief and must not block; if a use of
     *     the sender coincides with this call, it may be called after the sender was consumed
     * @throws NullPointerException if the waker is null
     */
    public void onAbandon(Waker waker) {
        Objects.requireNonNull(waker, "waker");
        if (!reply.isOver(round) || !consumed) {
            reply.onAbandon(round, waker);
        }
    }

    /** Returns the number of the current round. The engine's thread, or that of the handler. */
    long round() {
        return round;
    }

    /**
     * Fails the request of a round, unless it is over.
     *
     * @return null if it is over, or in use by another thread
     */
    @Nullable SendResult failIfLive(long ofRound, Throwable cause) {
        return switch (reply.claim(ofRound)) {
            case CLAIMED -> failClaimed(cause);
            case ENDING -> SendResult.BACK_PRESSURED;
            case IN_USE, OVER -> null;
        };
    }

    /** Ends a round for whose reply nobody waits, unless a thread is replying. */
    void abandon(long ofRound) {
        boolean unused = reply.abandon(ofRound);
    }

    /** Returns true if it is too late to begin the work on the request. */
    boolean isLate() {
        return reply.isOver(round) || reply.isLate();
    }

    void endTask(long ofRound) {
        reply.endTask(ofRound);
    }

    /**
     * Claims the reply.
     *
     * @return null if it is claimed; otherwise what the caller is to return
     * @throws IllegalStateException if this is consumed, or in use by another thread
     */
    private @Nullable SendResult claim() {
        Claim claim = reply.claim(round);
        if (claim == Claim.CLAIMED) {
            return null;
        }
        if (claim == Claim.ENDING) {
            return SendResult.BACK_PRESSURED; // the engine is sending an outcome, or will fail to
        }
        if (claim == Claim.IN_USE || consumed) {
            throw new IllegalStateException("sender already consumed, or in use by another thread:"
                    + " it is good for one send, fail or drop, and for another only after BACK_PRESSURED");
        }
        consumed = true;
        return SendResult.NOT_CONNECTED;
    }

    private void finish(SendResult result) {
        try {
            consumed = result != SendResult.BACK_PRESSURED;
            reply.finish(result);
        } finally {
            Reference.reachabilityFence(this); // keeps the leak watch from running before this
        }
    }
}
