package io.multishot.aeron;

import io.aeron.Publication;
import io.multishot.Waker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The reply that a responder owes to one request: where to send it, and the means to write it. {@link InHand} has as
 * many of these as the responder's capacity, and recycles them: each use is a round, and a {@link RemoteSender} is good
 * for one.
 */
final class PendingReply<R> {
    /*
     * The state is the number of the round, whether a task for the handler is queued or runs, and the phase:
     *
     *   transition           by
     *   DONE → LIVE          begin: the engine's thread, which has taken this from those that are free
     *   LIVE → BUSY, CAS     send, fail, drop: one of them wins, and has exclusive access to the writer
     *   LIVE → ENDING, CAS   the engine's thread, likewise, when the request is too old or its sender was lost
     *   BUSY, ENDING → LIVE  the winner, if nothing was sent
     *   BUSY, ENDING → DONE  the winner
     *   LIVE → DONE, CAS     the engine's thread, when the session has ended; that of the task, when it is too late
     *   TASK → no TASK       the thread that ran the task, or that could not start it
     *
     * The thread that makes the state DONE without TASK returns this to InHand. The next round sees its fields, because
     * InHand's queue publishes them, or because that thread is the engine's own. A claimed reply without a task belongs
     * to the winner alone, and one that is DONE to the engine: their transitions are release stores, which pair with
     * the load in claim. All others are read-modify-writes with volatile semantics, since a task may end at the same
     * time.
     */
    private static final long LIVE = 0;
    private static final long BUSY = 1;
    private static final long DONE = 2;
    private static final long ENDING = 3;
    private static final long PHASES = 3;
    private static final long TASK = 4;
    private static final int ROUND_SHIFT = 3;

    /** In characters. Longer texts are cut; in UTF-8, this fits into one message of the smallest term. */
    private static final int MAX_TEXT_LENGTH = 1000;

    private static final Encoder<byte[]> BYTES = BytesCodec.INSTANCE;
    private static final byte[] NO_BYTES = {};

    private static final VarHandle STATE;
    private static final VarHandle ABANDON_WATCH;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(PendingReply.class, "state", long.class);
            ABANDON_WATCH = lookup.findVarHandle(PendingReply.class, "abandonWatch", AbandonWatch.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final InHand<R> inHand;

    private final FrameWriter writer = new FrameWriter();

    /** The sender of every request; null if each request gets a new one. Replaced if its holder may still use it. */
    private @Nullable RemoteSender<R> recycledSender;

    private volatile long state = DONE;

    /**
     * The last round whose reply nobody waits for, though it can be sent: the request was cancelled, or its patience is
     * at an end. Written by the engine's thread, before it takes the watch; read after a watch is registered. All of
     * these are volatile, so either the one or the other calls the waker.
     */
    private volatile long unwantedRound;

    @SuppressWarnings("unused") // accessed via ABANDON_WATCH
    private @Nullable AbandonWatch abandonWatch;

    // Written by begin, before the state

    /** Null before the first round. The last one's, while this is free. */
    private @Nullable Session session;

    private int requester;
    private long ticket;
    private int time;
    private boolean isPatient;

    /** When nobody waits any more, and when it is too late to begin, on the scale of {@link System#nanoTime()}. */
    private long deadline;

    private long latestBegin;

    // For the engine's thread only: InHand's

    /** The next one with the same hash. */
    @Nullable PendingReply<R> next;

    /** When the request is to be looked at, on the scale of {@link System#nanoTime()}; see {@link InHand}. */
    long due;

    long begun;

    PendingReply(InHand<R> inHand, boolean recycling) {
        this.inHand = inHand;
        recycledSender = recycling && !RemoteSender.CHECKED ? new RemoteSender<>(this) : null;
    }

    /** Who is to be told, once, that nobody waits for the reply of a round. */
    private record AbandonWatch(long round, Waker waker) {}

    /** Sets whose request the next round is for. The engine's thread. */
    void setRequest(Session from, int ofRequester, long itsTicket, int itsTime) {
        session = from;
        requester = ofRequester;
        ticket = itsTicket;
        time = itsTime;
        isPatient = false;
    }

    /**
     * Sets when nobody waits for the reply of the next round, and when it is too late to begin. The engine's thread.
     */
    void setDeadline(long itsDeadline, long itsLatestBegin) {
        isPatient = true;
        deadline = itsDeadline;
        latestBegin = itsLatestBegin;
    }

    /**
     * Begins a round, and returns its sender. The engine's thread.
     *
     * @param now the time, if it matters
     * @param hasTask whether {@link #endTask} will be called
     */
    RemoteSender<R> begin(long now, boolean hasTask) {
        begun = now;
        long round = (state >>> ROUND_SHIFT) + 1;
        RemoteSender<R> sender = recycledSender;
        if (sender == null) {
            sender = new RemoteSender<>(this, round); // before the state: there may be no memory
        } else {
            sender.recycle(round);
        }
        STATE.setRelease(this, round << ROUND_SHIFT | (hasTask ? TASK : 0) | LIVE);
        return sender;
    }

    // ------------------------------------------------------------------ any thread, for a round

    /** What became of an attempt to claim a reply. */
    enum Claim {
        CLAIMED,
        /** Another use of the sender has claimed it. */
        IN_USE,
        /** The engine has claimed it, and is about to end the round, unless that cannot be sent now. */
        ENDING,
        /** The round is over: the reply was sent, or nobody waits for it. */
        OVER
    }

    /** LIVE → BUSY, for a use of the sender. If it is claimed, {@link #finish} is to be called. Lock-free. */
    Claim claim(long round) {
        return claim(round, BUSY);
    }

    /** LIVE → ENDING, for the engine's thread. If it is claimed, {@link #finishEnding} is to be called. Lock-free. */
    Claim claimToEnd(long round) {
        return claim(round, ENDING);
    }

    /** Retried only when the task ends meanwhile. */
    private Claim claim(long round, long phase) {
        while (true) {
            long seen = state;
            if (seen >>> ROUND_SHIFT != round || (seen & PHASES) == DONE) {
                return Claim.OVER;
            }
            if ((seen & PHASES) != LIVE) {
                return (seen & PHASES) == BUSY ? Claim.IN_USE : Claim.ENDING;
            }
            if (STATE.compareAndSet(this, seen, seen + (phase - LIVE))) {
                return Claim.CLAIMED;
            }
        }
    }

    /** Ends a claim: BUSY → LIVE if nothing was sent, else BUSY → DONE. */
    void finish(SendResult result) {
        finish(result, BUSY);
    }

    /** Ends a claim of the engine: ENDING → LIVE if nothing was sent, else ENDING → DONE, and tells the worker. */
    void finishEnding(SendResult result) {
        if (result != SendResult.BACK_PRESSURED) {
            onAbandoned();
        }
        finish(result, ENDING);
    }

    private void finish(SendResult result, long phase) {
        boolean isSent = result != SendResult.BACK_PRESSURED;
        if (isSent) {
            clearWatch();
        }
        long next = isSent ? DONE : LIVE;
        long before = state;
        if ((before & TASK) == 0) {
            STATE.setRelease(this, before + next - phase); // nobody else changes the state of a claimed reply
        } else {
            before = (long) STATE.getAndAdd(this, next - phase);
        }
        if (isSent && (before & TASK) == 0) {
            inHand.giveBack(this);
        }
    }

    /** Notes that nobody waits for the reply of this round, and tells the worker. The engine's thread. */
    void markUnwanted() {
        unwantedRound = round();
        callWatch();
    }

    /** Ends the round unless it is claimed, so that its sender is inert. Tells the worker. Returns false if it is. */
    boolean abandon(long round) {
        while (true) {
            long seen = state;
            if (seen >>> ROUND_SHIFT != round || (seen & PHASES) == DONE) {
                return true;
            }
            if ((seen & PHASES) != LIVE) {
                return false;
            }
            if (STATE.compareAndSet(this, seen, seen + (DONE - LIVE))) {
                onAbandoned();
                if ((seen & TASK) == 0) {
                    inHand.giveBack(this);
                }
                return true;
            }
        }
    }

    /** The sender's holder may use it at any time, so another one is for the rounds to come. */
    private void onAbandoned() {
        if (recycledSender != null) {
            recycledSender = new RemoteSender<>(this);
        }
        callWatch();
    }

    private void callWatch() {
        AbandonWatch watch = (AbandonWatch) ABANDON_WATCH.getAndSet(this, null);
        if (watch != null) {
            call(watch.waker);
        }
    }

    /** Takes note that the task of a round has ended, or was refused. More than once is as good as once. Lock-free. */
    void endTask(long round) {
        while (true) {
            long seen = state;
            if (seen >>> ROUND_SHIFT != round || (seen & TASK) == 0) {
                return;
            }
            if (STATE.compareAndSet(this, seen, seen - TASK)) {
                if ((seen & PHASES) == DONE) {
                    inHand.giveBack(this);
                }
                return;
            }
        }
    }

    /**
     * Registers who is to be told that nobody waits for the reply; at once if that is so. The holder of an earlier
     * round's sender may call this at any time, and must not take a later one's place.
     */
    void onAbandon(long round, Waker waker) {
        AbandonWatch mine = new AbandonWatch(round, waker);
        AbandonWatch before;
        do {
            before = (AbandonWatch) ABANDON_WATCH.getVolatile(this);
            if (before != null && before.round > round) {
                call(waker);
                return;
            }
        } while (!ABANDON_WATCH.compareAndSet(this, before, mine));
        if (before != null && before.round < round) {
            call(before.waker); // its round is over
        }
        // Either this sees that the round is over, or the thread that ends it sees the watch.
        boolean isTooLate = isOver(round) || unwantedRound == round;
        if (isTooLate && ABANDON_WATCH.compareAndSet(this, mine, null)) {
            call(waker);
        }
    }

    private void call(Waker waker) {
        try {
            waker.wake();
        } catch (Throwable fault) {
            inHand.engine.faults.report("a waker of RemoteSender.onAbandon threw", fault);
        }
    }

    /** Forgets the watch of the round that the caller ends. If it is set at this moment, it may be called in vain. */
    private void clearWatch() {
        AbandonWatch watch = abandonWatch;
        if (watch != null && ABANDON_WATCH.compareAndSet(this, watch, null) && watch.round != round()) {
            call(watch.waker);
        }
    }

    boolean isOver(long round) {
        long seen = state;
        return seen >>> ROUND_SHIFT != round || (seen & PHASES) == DONE;
    }

    /** Returns true if nobody waits for the reply of this round, which is not over. */
    boolean isUnwanted(long round) {
        Session to = session;
        return unwantedRound == round
                || to == null
                || to.isAbandoned()
                || (isPatient && System.nanoTime() - deadline >= 0);
    }

    boolean isLate() {
        return isPatient && System.nanoTime() - latestBegin >= 0;
    }

    /** Returns for how long the reply is of use, in nanoseconds; {@link Long#MAX_VALUE} without a limit. */
    long remainingNanos() {
        return isPatient ? Math.max(deadline - System.nanoTime(), 0) : Long.MAX_VALUE;
    }

    // ------------------------------------------------------------------ the thread that has claimed the reply

    SendResult send(R value) {
        return write(Frame.VALUE, 0, inHand.encoder, value);
    }

    SendResult fail(Throwable cause) {
        return cause instanceof RemoteFailureException coded
                ? fail(coded.code(), String.valueOf(coded.getMessage()))
                : fail(0, text(cause));
    }

    SendResult fail(int code, String text) {
        return write(Frame.FAILURE, code, BYTES, bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.substring(0, Math.min(text.length(), MAX_TEXT_LENGTH)).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the text of the cause. If that throws, the request must still fail, so it is the name of the class. */
    private static String text(Throwable cause) {
        try {
            return String.valueOf(cause);
        } catch (Throwable noText) {
            return cause.getClass().getName();
        }
    }

    SendResult drop() {
        return write(Frame.DROP, 0, BYTES, NO_BYTES);
    }

    /** Sends the outcome. If the requester cannot be reached, ends the session, by which the requester learns of it. */
    private <T> SendResult write(int kind, int argument, Encoder<T> with, T message) {
        Session to = session;
        if (to == null) {
            return SendResult.NOT_CONNECTED;
        }
        Publication publication = to.enter(writer.stripe);
        if (publication == null) {
            return SendResult.NOT_CONNECTED;
        }
        try {
            int length = FrameWriter.encodedLength(publication, with, message, to.hello.maxReplyLength());
            SendResult result = writer.header(kind, argument, to.sessionId, requester, time, ticket)
                    .send(publication, with, message, length);
            if (result == SendResult.NOT_CONNECTED) {
                to.markLost();
            } else if (result == SendResult.ACCEPTED) {
                to.wakeEngines();
            } else {
                inHand.onBackPressure();
            }
            return result;
        } finally {
            to.exit(writer.stripe);
        }
    }

    // ------------------------------------------------------------------ the engine's thread

    long round() {
        return state >>> ROUND_SHIFT;
    }

    @Nullable Session session() {
        return session;
    }

    boolean isFor(Session itsSession, int ofRequester, long itsTicket) {
        return session == itsSession
                && requester == ofRequester
                && (itsTicket == Frame.NO_TICKET || ticket == itsTicket);
    }

    /** Returns true if the worker is still to be told that the patience is at an end. */
    boolean isPatient() {
        return isPatient && unwantedRound != round();
    }

    long deadline() {
        return deadline;
    }

    int requester() {
        return requester;
    }

    long ticket() {
        return ticket;
    }
}
