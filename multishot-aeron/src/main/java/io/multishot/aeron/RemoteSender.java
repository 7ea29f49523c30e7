package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends the outcome of one request, once, from any thread: with {@link #send}, {@link #fail} or {@link #drop}. If one
 * of these returns {@link SendResult#BACK_PRESSURED}, nothing was sent, and the sender can be used again. Any other
 * result consumes it, and a further use throws.
 *
 * <p>Each request gets a new sender, so a stale one can never reply to another request. With
 * {@link ResponderBuilder#recycling()}, a consumed sender is recycled for a later request, so keep no reference to it.
 * When assertions are enabled, senders are not recycled, and one that becomes unreachable before it is consumed drops
 * its request, and that is logged.
 *
 * @param <R> the type of the replies
 */
public final class RemoteSender<R> {
    /*
     *   transition          by
     *   CONSUMED → LIVE     the engine's thread, which has the pending reply, before it passes the sender to a handler
     *   LIVE → BUSY, CAS    send, fail, drop: one of them wins, and has exclusive access to the pending reply
     *   BUSY → LIVE         the winner, if nothing was sent
     *   BUSY → CONSUMED     the winner, before it frees the pending reply
     */
    private static final int LIVE = 0;
    private static final int BUSY = 1;
    private static final int CONSUMED = 2;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(RemoteSender.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PendingReply<R> reply;

    /** Null unless assertions are enabled. */
    private final @Nullable SenderLeakWatch leakWatch;

    @SuppressWarnings("unused") // accessed via STATE
    private int state = LIVE;

    /** Counts the requests that this sender was used for. Accessed on the engine's thread only. */
    private int round;

    RemoteSender(PendingReply<R> reply) {
        this.reply = reply;
        leakWatch = PendingReply.CHECKED ? SenderLeakWatch.watch(this, reply) : null;
    }

    /**
     * CONSUMED → LIVE. Ordering: release; pairs with {@link #claim}. (The pending reply itself was published by its
     * pool, and the handler publishes the sender when it hands it over.)
     */
    void recycle() {
        round++;
        STATE.setRelease(this, LIVE);
    }

    /**
     * Replies with a value.
     *
     * @param value the reply
     * @return {@link SendResult#ACCEPTED} if it was sent; {@link SendResult#NOT_CONNECTED} if the requester is gone or
     *     unreachable, and its request is lost; {@link SendResult#BACK_PRESSURED} if nothing was sent and the sender
     *     can be used again
     * @throws NullPointerException if the value is null
     * @throws IllegalArgumentException if the reply is larger than the channel can carry; the sender can be used again.
     *     Exceptions of the encoder propagate with the same effect
     * @throws IllegalStateException if the sender is consumed, or in use by another thread
     */
    @CheckReturnValue
    public SendResult send(R value) {
        Objects.requireNonNull(value, "value");
        claim();
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
     * the cause.
     *
     * @param cause why there is no reply
     * @return as {@link #send}
     * @throws NullPointerException if the cause is null
     * @throws IllegalStateException if the sender is consumed, or in use by another thread
     */
    @CheckReturnValue
    public SendResult fail(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        claim();
        return failClaimed(cause);
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
        claim();
        SendResult result = SendResult.BACK_PRESSURED;
        try {
            result = reply.drop();
        } finally {
            finish(result);
        }
        return result;
    }

    /**
     * Returns whether the requester is gone or unreachable, so that work on its request can stop. To be called only
     * while the sender is live.
     *
     * @return true if a reply would reach no requester
     */
    @CheckReturnValue
    public boolean isAbandoned() {
        return reply.isAbandoned();
    }

    /** Returns the number of the current round. The engine's thread. */
    int round() {
        return round;
    }

    /**
     * Fails the request of a round, unless this sender was consumed in it. The engine's thread, which is the only one
     * that begins rounds.
     *
     * @return null if the sender is consumed, or in use by another thread
     */
    @Nullable SendResult failIfLive(int ofRound, Throwable cause) {
        return ofRound == round && STATE.compareAndSet(this, LIVE, BUSY) ? failClaimed(cause) : null;
    }

    /** LIVE → BUSY. Ordering: volatile; pairs with {@link #recycle} and {@link #finish}. */
    private void claim() {
        if (!STATE.compareAndSet(this, LIVE, BUSY)) {
            throw new IllegalStateException("sender already consumed, or in use by another thread:"
                    + " it is good for one send, fail or drop, and for another only after BACK_PRESSURED");
        }
    }

    /** BUSY → LIVE or CONSUMED. Ordering: release; pairs with {@link #claim}. */
    private void finish(SendResult result) {
        try {
            if (result == SendResult.BACK_PRESSURED) {
                STATE.setRelease(this, LIVE);
            } else {
                STATE.setRelease(this, CONSUMED);
                if (leakWatch != null) {
                    leakWatch.onConsumed();
                }
                reply.free();
            }
        } finally {
            Reference.reachabilityFence(this); // keeps the leak watch from running before this
        }
    }
}
