package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import io.aeron.Publication;
import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, one at a time, and receives their replies. A task keeps one call for all its requests: it calls
 * {@link #ask}, then waits with any method of the {@link #receiver()}. Each request may go to another
 * {@link Requester}.
 *
 * <p>A call belongs to one task at a time, as its receiver does. A round allocates nothing.
 *
 * @param <R> the type of the replies
 * @since 0.1.0
 */
public final class Call<R> implements AutoCloseable {
    private static final long NO_PATIENCE = 0;

    /** A patience of 146 years is no limit. Times that are further apart could not be compared. */
    private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

    private static final long MIN_PARK_NANOS = 50_000;
    private static final long MAX_PARK_NANOS = 1_000_000;

    private final Receiver<R> receiver;
    private final FrameWriter writer = new FrameWriter();

    /** The requester of the last request. */
    private @Nullable Requester<?, R> lastRequester;

    private long ticket = ReplyTable.NO_TICKET;
    private @Nullable Sender<R> lastSender;

    /**
     * Creates a call with a new receiver. It recycles its sender, which never leaves the call and the tables of its
     * requesters: a table consumes it once, by the ticket.
     */
    public Call() {
        this(Receiver.recycling());
    }

    /**
     * Creates a call with a receiver of yours, such as a {@linkplain Receiver#Receiver() safe} one.
     *
     * @param receiver the receiver, which from now on is yours only to receive with
     */
    public Call(Receiver<R> receiver) {
        this.receiver = Objects.requireNonNull(receiver, "receiver");
    }

    /**
     * Sends a request. If it is accepted, the {@link #receiver()} gets the outcome. If it is not, or if this throws
     * because of the request or the requester, nothing was sent and nothing is in flight; the receiver then reports a
     * drop. Never blocks.
     *
     * @param requester the requester that sends it
     * @param request the request
     * @param <Q> the type of the requests
     * @return whether it was sent, and if not, why
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the request is larger than the channel can carry, or than the responder
     *     takes; nothing was sent
     * @throws IllegalStateException if a request is in flight: await its outcome, or {@link #giveUp()}; or if the
     *     requester or the receiver is closed, or the media driver is gone
     */
    @CheckReturnValue
    public <Q> SendResult ask(Requester<Q, R> requester, Q request) {
        return ask(requester, request, NO_PATIENCE);
    }

    /**
     * Sends a request whose reply is of use for a while only. When that is over, the receiver fails with a
     * {@link io.multishot.RequestTimeoutException}, within some milliseconds. The request carries its patience, so the
     * responder does not hand it to its handler when it is late, and tells a handler that has it already, by
     * {@link RemoteSender#isAbandoned()}. No clocks need agree. Never blocks.
     *
     * @param requester the requester that sends it
     * @param request the request
     * @param patience how long its reply is of use, from now on; more than 0
     * @param <Q> the type of the requests
     * @return as {@link #ask(Requester, Object)}, which this otherwise is
     * @throws IllegalArgumentException if the patience is 0 or negative, too; nothing was sent
     */
    @CheckReturnValue
    public <Q> SendResult ask(Requester<Q, R> requester, Q request, Duration patience) {
        long nanos = Requester.nanos(patience);
        if (nanos == 0) {
            throw new IllegalArgumentException("the patience must be more than 0, was " + patience);
        }
        return ask(requester, request, nanos);
    }

    /**
     * Waits until there are a connection and room for a request, and sends it, all within its patience. What is left of
     * the patience then is that of the request, as in {@link #ask(Requester, Object, Duration)}. With
     * {@link Engine#invoked}, this calls {@link Engine#work()} meanwhile.
     *
     * @param requester the requester that sends it
     * @param request the request
     * @param patience how long to wait at most, for the reply included; 0 or negative to try once
     * @param <Q> the type of the requests
     * @return {@link SendResult#ACCEPTED}; or why the request could not be sent in time, and nothing is in flight
     * @throws InterruptedException if the thread is interrupted while it waits; nothing is in flight
     * @throws IllegalStateException as {@link #ask(Requester, Object)}; or if a handler or waker calls this, which
     *     would wait for itself
     */
    @CheckReturnValue
    public <Q> SendResult awaitAsk(Requester<Q, R> requester, Q request, Duration patience)
            throws InterruptedException {
        requester.engine.checkNotInDutyCycle("wait for room");
        long nanos = Requester.nanos(patience);
        long start = System.nanoTime();
        long park = MIN_PARK_NANOS;
        long left = nanos;
        while (true) {
            SendResult result = ask(requester, request, Math.max(left, 1));
            if (result == SendResult.ACCEPTED) {
                return result;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            left = nanos - (System.nanoTime() - start);
            if (left <= 0) {
                return result;
            }
            requester.workOrPark(Math.min(park, left));
            park = Math.min(2 * park, MAX_PARK_NANOS);
        }
    }

    private <Q> SendResult ask(Requester<Q, R> requester, Q request, long patienceNanos) {
        Objects.requireNonNull(request, "request");
        ConnectedResponder responder = requester.responder();
        Sender<R> sender = begin();
        boolean sent = false;
        try {
            SendResult result = responder == null
                    ? SendResult.NOT_CONNECTED
                    : ask(requester, request, patienceNanos, responder, sender);
            sent = result == SendResult.ACCEPTED;
            return result;
        } finally {
            if (!sent) {
                endUnsent(sender);
            }
        }
    }

    private <Q> SendResult ask(
            Requester<Q, R> requester, Q request, long patienceNanos, ConnectedResponder responder, Sender<R> sender) {
        Connection connection = requester.connection;
        if (!connection.writers.enter(writer.stripe)) {
            throw requester.closed();
        }
        try {
            Publication publication = responder.publication;
            int length = FrameWriter.encodedLength(publication, requester.encoder, request, responder.maxRequestLength);
            boolean isPatient = patienceNanos != NO_PATIENCE && patienceNanos < FOREVER_NANOS;
            long now = isPatient ? System.nanoTime() : 0;
            long opened = open(requester, sender, isPatient, now + patienceNanos);
            if (opened == ReplyTable.NO_TICKET) {
                return SendResult.FULL;
            }
            int patience = isPatient ? micros(patienceNanos) : 0;
            int time = isPatient ? (int) TimeUnit.NANOSECONDS.toMicros(now) : 0;
            SendResult result = connection.responder() != responder
                    ? SendResult.NOT_CONNECTED
                    : writer.header(Frame.REQUEST, patience, responder.sessionId, requester.inbox.number, time, opened)
                            .send(publication, requester.encoder, request, length);
            if (result == SendResult.ACCEPTED) {
                connection.engine.wake();
                return result;
            }
            if (result == SendResult.BACK_PRESSURED) {
                connection.onBackPressure();
            }
            // If the ticket cannot be dropped, the engine has failed this request because the responder was lost.
            return dropTicket() ? result : SendResult.ACCEPTED;
        } finally {
            connection.writers.exit(writer.stripe);
        }
    }

    /** Returns a patience as it is sent: at least 1; 0, without a limit, if it is more than half an hour. */
    private static int micros(long patienceNanos) {
        long micros = TimeUnit.NANOSECONDS.toMicros(patienceNanos);
        return micros > Integer.MAX_VALUE ? 0 : (int) Math.max(micros, 1);
    }

    private long open(Requester<?, R> requester, Sender<R> sender, boolean isPatient, long deadline) {
        lastRequester = requester;
        ReplyTable<R> table = requester.inbox.table;
        try {
            ticket = isPatient ? table.open(sender, deadline) : table.open(sender);
        } catch (IllegalStateException closedConcurrently) {
            throw requester.closed();
        }
        return ticket;
    }

    /** Ends the round of a request that was not sent. Once it has a ticket, the table owns its sender. */
    private void endUnsent(Sender<R> sender) {
        if (ticket == ReplyTable.NO_TICKET) {
            sender.drop();
        } else {
            boolean unused = dropTicket();
        }
    }

    /** Begins a round. If the last one was abandoned via the receiver, its ticket is dropped now. */
    private Sender<R> begin() {
        Sender<R> sender = receiver.trySender();
        if (sender == null) {
            throw new IllegalStateException("a request of this call is in flight:"
                    + " await its outcome, or give it up with giveUp(), or use another call");
        }
        if (sender != lastSender) {
            lastSender = sender;
            giveUp();
        }
        ticket = ReplyTable.NO_TICKET;
        return sender;
    }

    /**
     * Returns the receiver of the outcomes. Use it to wait, in any way; only {@link #ask} begins rounds.
     *
     * @return the receiver, always the same
     */
    @CheckReturnValue
    public Receiver<R> receiver() {
        return receiver;
    }

    /**
     * Waits for the outcome, and gives the request up on a timeout.
     *
     * @param timeout how long to wait at most
     * @return the reply
     * @throws TimeoutException if there was no reply in time; the request is given up, and the next one can be sent at
     *     once. Whether the responder has carried it out, or will, is unknown
     * @throws InterruptedException if the thread is interrupted; the request is still in flight
     * @throws io.multishot.ReceiveException if the request has failed or was dropped
     * @throws IllegalStateException if a handler or waker of the requester's engine calls this, which would wait for
     *     itself
     */
    public R receive(Duration timeout) throws InterruptedException, TimeoutException {
        Requester<?, R> requester = lastRequester;
        if (requester != null) {
            requester.engine.checkNotInDutyCycle("wait for a reply");
        }
        try {
            return receiver.receive(timeout);
        } catch (TimeoutException timedOut) {
            if (giveUp()) {
                throw timedOut;
            }
            return receiver.receive(); // the engine has claimed the ticket, so the outcome is about to arrive
        }
    }

    /**
     * Gives the request up: the receiver reports a drop, the next request can be sent at once, and a late reply to this
     * one is refused. The responder is told, if that can be done at once, so that it need not begin, or can stop.
     * Wait-free but for {@link ReplyTable#drop}.
     *
     * @return true if this call gave the request up; false if its outcome has arrived or is about to, or if no request
     *     was in flight
     */
    public boolean giveUp() {
        Requester<?, R> requester = lastRequester;
        if (requester == null || !dropTicket()) {
            return false;
        }
        requester.connection.cancel(writer, requester.inbox, ticket);
        return true;
    }

    private boolean dropTicket() {
        Requester<?, R> from = lastRequester;
        return from != null && ticket != ReplyTable.NO_TICKET && from.inbox.table.drop(ticket);
    }

    /** Gives up a request that is in flight, and closes the receiver. */
    @Override
    public void close() {
        giveUp();
        receiver.close();
    }
}
