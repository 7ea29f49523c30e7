package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers one request, once, from any thread: with {@link #send}, {@link #fail} or {@link #drop}. Each tells what
 * became of it. When that is {@link SendResult#BACK_PRESSURED}, nothing was sent and the sender is still yours, to try
 * again; otherwise it is consumed, and a further use throws.
 *
 * <p>It is recycled for a later request once it is consumed, so keep no reference to it then. With
 * {@link ResponderBuilder#guarded()}, and whenever assertions are enabled, each request gets a new one, and a stale one
 * can never answer another request. With assertions, a sender that becomes unreachable unused drops its request, and
 * that is logged.
 *
 * @param <R> the type of the replies
 */
public final class RemoteSender<R> {
    /*
     *   transition                       by
     *   CONSUMED → LIVE                  the engine's thread, which has the path, before it gives the sender out
     *   LIVE → BUSY, a compare-and-set   send, fail, drop: one of them wins, and alone touches the path
     *   BUSY → LIVE                      the winner, if nothing was sent
     *   BUSY → CONSUMED                  the winner, before it frees the path
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

    private final PendingReply<R> path;

    /** Null unless assertions are enabled. */
    private final @Nullable SenderLeakWatch watch;

    @SuppressWarnings("unused") // by way of STATE
    private int state = LIVE;

    /** Which request this is for, of those that it was for. Written and read on the engine's thread only. */
    private int round;

    RemoteSender(PendingReply<R> path) {
        this.path = path;
        watch = PendingReply.CHECKED ? SenderLeakWatch.watch(this, path) : null;
    }

    /**
     * CONSUMED → LIVE. Ordering: release; pairs with {@link #claim}. (The path itself came by way of its queue, and the
     * sender goes to the handler by whatever way that chooses.)
     */
    void renew() {
        round++;
        STATE.setRelease(this, LIVE);
    }

    /**
     * Answers with a value.
     *
     * @param value the reply
     * @return {@link SendResult#ACCEPTED}: it is on its way; {@link SendResult#NOT_CONNECTED}: the requester is gone,
     *     or cannot be reached, and its request is lost; {@link SendResult#BACK_PRESSURED}: nothing was sent, and the
     *     sender can be used again
     * @throws NullPointerException if the value is null
     * @throws IllegalArgumentException if the reply is larger than the channel can carry; the sender can be used again.
     *     What the encoder throws comes here as well, with the same effect
     * @throws IllegalStateException if the sender is consumed, or in use at this moment
     */
    @CheckReturnValue
    public SendResult send(R value) {
        Objects.requireNonNull(value, "value");
        claim();
        SendResult offer = SendResult.BACK_PRESSURED; // also if it throws: nothing was sent
        try {
            offer = path.send(value);
        } finally {
            finish(offer);
        }
        return offer;
    }

    /**
     * Answers with a failure: the requester's receiver fails with a {@link RemoteFailureException} that has the text of
     * this cause.
     *
     * @param cause why there is no reply
     * @return as {@link #send}
     * @throws NullPointerException if the cause is null
     * @throws IllegalStateException if the sender is consumed, or in use at this moment
     */
    @CheckReturnValue
    public SendResult fail(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        claim();
        return failClaimed(cause);
    }

    private SendResult failClaimed(Throwable cause) {
        SendResult offer = SendResult.BACK_PRESSURED;
        try {
            offer = path.fail(cause);
        } finally {
            finish(offer);
        }
        return offer;
    }

    /**
     * Answers that there will be no reply: the requester's receiver sees a drop.
     *
     * @return as {@link #send}
     * @throws IllegalStateException if the sender is consumed, or in use at this moment
     */
    @CheckReturnValue
    public SendResult drop() {
        claim();
        SendResult offer = SendResult.BACK_PRESSURED;
        try {
            offer = path.drop();
        } finally {
            finish(offer);
        }
        return offer;
    }

    /**
     * Tells whether the requester is gone, or cannot be reached, so that work for it can stop. Only while the sender is
     * live.
     *
     * @return true if nobody wants the reply
     */
    @CheckReturnValue
    public boolean isAbandoned() {
        return path.isAbandoned();
    }

    /** The engine's thread. */
    int round() {
        return round;
    }

    /**
     * Fails the request of this round, unless that was answered already. The engine's thread, the only one that begins
     * another round.
     *
     * @return null if it was answered, or is being answered at this moment
     */
    @Nullable SendResult failIfLive(int ofRound, Throwable cause) {
        return ofRound == round && STATE.compareAndSet(this, LIVE, BUSY) ? failClaimed(cause) : null;
    }

    /** LIVE → BUSY. Ordering: volatile; pairs with {@link #renew} and {@link #finish}. */
    private void claim() {
        if (!STATE.compareAndSet(this, LIVE, BUSY)) {
            throw new IllegalStateException(
                    "sender already consumed, or in use by another thread at this moment: it is good for one"
                            + " send, fail or drop, and for more only after BACK_PRESSURED");
        }
    }

    /** BUSY → LIVE or CONSUMED. Ordering: release; pairs with {@link #claim}. */
    private void finish(SendResult offer) {
        try {
            if (offer == SendResult.BACK_PRESSURED) {
                STATE.setRelease(this, LIVE);
            } else {
                STATE.setRelease(this, CONSUMED);
                if (watch != null) {
                    watch.used();
                }
                path.free();
            }
        } finally {
            Reference.reachabilityFence(this); // until here it is in use
        }
    }
}
