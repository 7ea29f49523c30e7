package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import java.time.Duration;
import java.util.Objects;
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
 */
public final class Call<R> implements AutoCloseable {
    private final Receiver<R> receiver;
    private final FrameWriter writer = new FrameWriter();

    /** The table that has, or had, the last request, and the engine that receives the reply. */
    private @Nullable ReplyTable<R> table;

    private @Nullable Engine engine;

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
     * @throws IllegalArgumentException if the request is larger than the channel can carry; nothing was sent
     * @throws IllegalStateException if a request is in flight: await its outcome, or {@link #giveUp()}; or if the
     *     requester or the receiver is closed, or the media driver is gone
     */
    @CheckReturnValue
    public <Q> SendResult ask(Requester<Q, R> requester, Q request) {
        Objects.requireNonNull(request, "request");
        ConnectedResponder responder = requester.responder();
        Sender<R> sender = begin();
        boolean sent = false;
        try {
            SendResult result =
                    responder == null ? SendResult.NOT_CONNECTED : ask(requester, request, responder, sender);
            sent = result == SendResult.ACCEPTED;
            return result;
        } finally {
            if (!sent) {
                endUnsent(sender);
            }
        }
    }

    private <Q> SendResult ask(Requester<Q, R> requester, Q request, ConnectedResponder responder, Sender<R> sender) {
        RequesterAgent<Q, R> agent = requester.agent;
        if (!agent.writers.enter(writer.stripe)) {
            throw requester.closed();
        }
        try {
            int length = FrameWriter.encodedLength(agent.publication, requester.encoder, request);
            long opened = open(requester, sender);
            if (opened == ReplyTable.NO_TICKET) {
                return SendResult.FULL;
            }
            SendResult result = agent.responder() != responder
                    ? SendResult.NOT_CONNECTED
                    : writer.header(Frame.REQUEST, agent.requesterId, responder.sessionId, opened)
                            .send(agent.publication, requester.encoder, request, length);
            // If the ticket cannot be dropped, the engine has failed this request because the responder was lost.
            return result == SendResult.ACCEPTED || giveUp() ? result : SendResult.ACCEPTED;
        } finally {
            agent.writers.exit(writer.stripe);
        }
    }

    private long open(Requester<?, R> requester, Sender<R> sender) {
        table = requester.table;
        engine = requester.engine;
        try {
            ticket = requester.table.open(sender);
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
            giveUp();
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
     * @throws IllegalStateException if a handler or waker of the engine that receives the reply calls this, which would
     *     wait for itself
     */
    public R receive(Duration timeout) throws InterruptedException, TimeoutException {
        if (engine != null) {
            engine.checkNotInDutyCycle("wait for a reply");
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
     * one is refused. The responder is not notified. Wait-free but for {@link ReplyTable#drop}.
     *
     * @return true if this call gave the request up; false if its outcome has arrived or is about to, or if no request
     *     was in flight
     */
    public boolean giveUp() {
        ReplyTable<R> from = table;
        return from != null && ticket != ReplyTable.NO_TICKET && from.drop(ticket);
    }

    /** Gives up a request that is in flight, and closes the receiver. */
    @Override
    public void close() {
        giveUp();
        receiver.close();
    }
}
