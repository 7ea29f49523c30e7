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
 * One request at a time, from one asking task, which keeps this object for all its requests: {@link #ask}, then wait in
 * any of the ways of the {@link #receiver()}. It may go to another {@link Requester} each time.
 *
 * <p>It belongs to one task at a time, as its receiver does. A round allocates nothing.
 *
 * @param <R> the type of the replies
 */
public final class Call<R> implements AutoCloseable {
    private final Receiver<R> receiver;
    private final FrameWriter writer = new FrameWriter();

    /** Where the last request is in flight, or was. */
    private @Nullable ReplyTable<R> table;

    private long ticket = ReplyTable.NO_TICKET;
    private @Nullable Sender<R> lastSender;

    /** Makes a call with a receiver of its own. */
    public Call() {
        this(new Receiver<>());
    }

    /**
     * Makes a call with your receiver, such as a {@linkplain Receiver#guarded() guarded} one.
     *
     * @param receiver this call's from now on, except for waiting
     */
    public Call(Receiver<R> receiver) {
        this.receiver = Objects.requireNonNull(receiver, "receiver");
    }

    /**
     * Sends a request. If it is accepted, the {@link #receiver()} gets the outcome. If not, or if this throws because
     * of the request or the requester, nothing was sent and nothing is in flight; the receiver then sees a drop.
     *
     * @param requester where to
     * @param request the request
     * @param <Q> the type of the requests
     * @return what became of it; never waits
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the request is larger than the channel can carry; nothing was sent
     * @throws IllegalStateException if a request is in flight: await its outcome, or {@link #giveUp()}; or if the
     *     requester or the receiver is closed, or the media driver is gone
     */
    @CheckReturnValue
    public <Q> SendResult ask(Requester<Q, R> requester, Q request) {
        Objects.requireNonNull(request, "request");
        ConnectedResponder peer = requester.peer();
        Sender<R> sender = begin();
        boolean begun = false;
        try {
            SendResult offer = peer == null ? SendResult.NOT_CONNECTED : ask(requester, request, peer, sender);
            begun = offer == SendResult.ACCEPTED;
            return offer;
        } finally {
            if (!begun) {
                end(sender);
            }
        }
    }

    private <Q> SendResult ask(Requester<Q, R> requester, Q request, ConnectedResponder peer, Sender<R> sender) {
        RequesterAgent<Q, R> link = requester.link;
        if (!link.gate.enter(writer.stripe)) {
            throw requester.closed();
        }
        try {
            int length = FrameWriter.length(link.publication, requester.encoder, request);
            long opened = open(requester, sender);
            if (opened == ReplyTable.NO_TICKET) {
                return SendResult.FULL;
            }
            SendResult offer = link.peer() != peer
                    ? SendResult.NOT_CONNECTED
                    : writer.write(
                            link.publication,
                            Frame.REQUEST,
                            link.incarnation,
                            peer.incarnation,
                            opened,
                            requester.encoder,
                            request,
                            length);
            // Not dropped: whoever lost the responder was faster, and has failed this request.
            return offer == SendResult.ACCEPTED || giveUp() ? offer : SendResult.ACCEPTED;
        } finally {
            link.gate.exit(writer.stripe);
        }
    }

    private long open(Requester<?, R> requester, Sender<R> sender) {
        table = requester.table;
        try {
            ticket = requester.table.open(sender);
        } catch (IllegalStateException closedMeanwhile) {
            throw requester.closed();
        }
        return ticket;
    }

    /** Ends a round whose request was not sent, for which the table is responsible if it has a ticket. */
    private void end(Sender<R> sender) {
        if (ticket == ReplyTable.NO_TICKET) {
            sender.drop();
        } else {
            giveUp();
        }
    }

    /** Begins a round. If the last one was abandoned by way of the receiver, its ticket is given back. */
    private Sender<R> begin() {
        Sender<R> sender = receiver.trySender();
        if (sender == null) {
            throw new IllegalStateException(
                    "a request of this call is in flight: await its outcome, or give it up with giveUp(), or use another call");
        }
        if (sender != lastSender) {
            lastSender = sender;
            giveUp();
        }
        ticket = ReplyTable.NO_TICKET;
        return sender;
    }

    /**
     * Tells where the outcome arrives: wait here, in any way. Only {@link #ask} begins rounds.
     *
     * @return the receiver, always the same
     */
    @CheckReturnValue
    public Receiver<R> receiver() {
        return receiver;
    }

    /**
     * Waits for the outcome, and gives the request up when time has run out.
     *
     * @param patience how long to wait at most
     * @return the reply
     * @throws TimeoutException if there was no reply in time; the request is given up, and the next one can be asked at
     *     once. Whether it was or will be carried out is unknown
     * @throws InterruptedException if the thread is interrupted; the request is still in flight
     * @throws io.multishot.ReceiveException if the request has failed or was dropped
     */
    public R receive(Duration patience) throws InterruptedException, TimeoutException {
        try {
            return receiver.receive(patience);
        } catch (TimeoutException late) {
            if (giveUp()) {
                throw late;
            }
            return receiver.receive(); // somebody has claimed it: the outcome arrives this instant
        }
    }

    /**
     * Gives the request up: the receiver sees a drop, the next request can be asked at once, and the reply to this one,
     * should it come, is refused. The responder is told nothing. Wait-free but for the {@link ReplyTable#drop}.
     *
     * @return true if this has given it up; false if its outcome is there or arrives this instant, or nothing was in
     *     flight
     */
    public boolean giveUp() {
        ReplyTable<R> from = table;
        return from != null && ticket != ReplyTable.NO_TICKET && from.drop(ticket);
    }

    /** Gives up what is in flight, and closes the receiver. */
    @Override
    public void close() {
        giveUp();
        receiver.close();
    }
}
