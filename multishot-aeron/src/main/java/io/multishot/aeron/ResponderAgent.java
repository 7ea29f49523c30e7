package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.ControlledFragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Responder}'s end of the wire: knows its requesters, tells them that it lives, and hands out their requests.
 */
final class ResponderAgent<Q, R> implements Party {
    private static final int FRAGMENTS_A_CYCLE = 10;

    /** How often to log what anybody can cause at will. */
    private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Engine engine;
    private final Aeron aeron;
    private final Decoder<Q> decoder;
    private final Handler<? super Q, R> handler;
    private final Predicate<String> mayReplyTo;
    private final int maxRequesters;
    private final Subscription requests;
    private final ControlledFragmentAssembler assembler = new ControlledFragmentAssembler(this::arrived);
    private final FrameWriter writer = new FrameWriter();
    private final PeerCheckSchedule pace = new PeerCheckSchedule();
    private final Long2ObjectHashMap<Session> sessions = new Long2ObjectHashMap<>();

    /** Sessions that are closed, whose publications somebody may still be using. */
    private final List<Session> leaving = new ArrayList<>();

    private final ManyToOneConcurrentArrayQueue<PendingReply<R>> free;
    private final int capacity;
    private final AtomicLong ignored = new AtomicLong();

    /** Sessions of images that are gone. */
    private final Queue<Integer> departed = new ConcurrentLinkedQueue<>();

    /** Failures that Aeron did not take yet; at most as many as there are places. */
    private final ArrayDeque<Overdue<R>> overdue = new ArrayDeque<>();

    /** How many sessions there are; written on the engine's thread. */
    private volatile int requesters;

    private volatile boolean closed;

    // The engine's thread only

    private long nextComplaint = System.nanoTime();
    private @Nullable Session recent;

    ResponderAgent(ResponderBuilder<Q, R> settings, Handler<? super Q, R> handler) {
        engine = settings.engine;
        aeron = engine.aeron();
        decoder = settings.decoder;
        mayReplyTo = settings.mayReplyTo;
        maxRequesters = settings.maxRequesters;
        capacity = settings.capacity;
        this.handler = handler;
        free = new ManyToOneConcurrentArrayQueue<>(Math.max(capacity, 2));
        for (int i = 0; i < capacity; i++) {
            free.add(new PendingReply<>(settings.encoder, free, settings.guarded));
        }
        requests = DriverRegistration.subscription(
                aeron, settings.channel, settings.stream, image -> departed.add(image.sessionId()));
    }

    int inHand() {
        return capacity - free.size();
    }

    int requesters() {
        return requesters;
    }

    long ignored() {
        return ignored.get();
    }

    void close() {
        closed = true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public int work() {
        int done = overdue.isEmpty() ? 0 : tellOverdue();
        done += requests.controlledPoll(assembler, FRAGMENTS_A_CYCLE);
        return pace.isDue(done) ? done + watch(System.nanoTime()) : done;
    }

    private int watch(long now) {
        pace.look(now);
        forgetDeparted();
        int done = 0;
        for (Iterator<Session> each = sessions.values().iterator(); each.hasNext(); ) {
            Session session = each.next();
            done += beat(session, now);
            if (session.isLost()) {
                each.remove();
                leave(session);
                done++;
            }
        }
        requesters = sessions.size();
        if (!leaving.isEmpty()) {
            leaving.removeIf(Session::release);
        }
        return done;
    }

    private int beat(Session session, long now) {
        try {
            return session.beat(writer, now);
        } catch (AeronException refused) {
            session.lose();
            ignored.incrementAndGet();
            // A requester whose channel is none says hello many times a second.
            if (now - nextComplaint >= 0) {
                nextComplaint = now + COMPLAINT_NANOS;
                DutyCycle.warn("no way back to the " + session + ": " + refused.getMessage());
            }
            return 1;
        }
    }

    private void leave(Session session) {
        recent = null;
        session.close();
        leaving.add(session);
    }

    /** Frees what the assembler keeps for them, unless they are back. */
    private void forgetDeparted() {
        for (Integer session = departed.poll(); session != null; session = departed.poll()) {
            if (requests.imageBySessionId(session) == null) {
                assembler.freeSessionBuffer(session);
            }
        }
    }

    private Action arrived(DirectBuffer buffer, int offset, int length, Header header) {
        if (!Frame.isValid(buffer, offset, length)) {
            return ignore();
        }
        long requester = Frame.requester(buffer, offset);
        int kind = Frame.kind(buffer, offset);
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        Session session = session(requester);
        if (kind == Frame.HELLO && (session == null || session.isLost())) {
            Image image = requests.imageBySessionId(header.sessionId());
            return hello(requester, Hello.decode(buffer, payload, payloadLength), image);
        }
        if (session == null || !session.isFrom(header.sessionId())) {
            return ignore();
        }
        return switch (kind) {
            case Frame.HELLO -> Action.CONTINUE;
            case Frame.BYE -> {
                sessions.remove(requester);
                leave(session);
                yield Action.CONTINUE;
            }
            case Frame.REQUEST ->
                Frame.responder(buffer, offset) == session.number
                        ? request(session, Frame.ticket(header), buffer, payload, payloadLength)
                        : ignore();
            default -> ignore();
        };
    }

    /** Mostly the same one as the last time. */
    private @Nullable Session session(long requester) {
        Session session = recent;
        if (session == null || session.requester != requester) {
            session = sessions.get(requester);
            recent = session;
        }
        return session;
    }

    private Action ignore() {
        ignored.incrementAndGet();
        return Action.CONTINUE;
    }

    private Action hello(long requester, @Nullable Hello hello, @Nullable Image image) {
        if (hello == null || image == null || !mayReplyTo(hello.channel())) {
            return ignore();
        }
        Session last = sessions.remove(requester);
        if (last != null) {
            leave(last);
        }
        if (sessions.size() >= maxRequesters) {
            return ignore();
        }
        sessions.put(requester, new Session(engine, aeron, requester, hello, image, System.nanoTime()));
        return Action.CONTINUE;
    }

    private boolean mayReplyTo(String channel) {
        try {
            return mayReplyTo.test(channel);
        } catch (RuntimeException unsure) {
            return false;
        }
    }

    /** If no place is free, the request stays in Aeron's buffer, and comes again. */
    private Action request(Session session, long ticket, DirectBuffer buffer, int offset, int length) {
        PendingReply<R> path = free.poll();
        if (path == null) {
            return Action.ABORT;
        }
        RemoteSender<R> sender = path.begin(session, ticket);
        int round = sender.round();
        try {
            handler.handle(
                    Objects.requireNonNull(decoder.decode(buffer, offset, length), "the decoder returned null"),
                    sender);
        } catch (Throwable fault) {
            boolean unused = fail(new Overdue<>(sender, round, fault));
        }
        return Action.CONTINUE;
    }

    private int tellOverdue() {
        int done = 0;
        for (int left = overdue.size(); left > 0; left--) {
            done += fail(overdue.remove()) ? 1 : 0;
        }
        return done;
    }

    /** Returns false if that is to be tried again. */
    private boolean fail(Overdue<R> failed) {
        SendResult offer = SendResult.BACK_PRESSURED;
        try {
            offer = failed.sender.failIfLive(failed.round, failed.fault);
        } catch (Throwable unsent) {
            DutyCycle.report("telling a requester of the " + this + " that its request has failed", unsent);
        }
        if (offer == null) {
            DutyCycle.report(
                    "the handler of the " + this + " threw after it had used its sender, or given it away",
                    failed.fault);
        } else if (offer == SendResult.BACK_PRESSURED) {
            overdue.add(failed);
        }
        return offer != SendResult.BACK_PRESSURED;
    }

    /** A request that has failed, which its requester does not know yet. */
    private record Overdue<R>(RemoteSender<R> sender, int round, Throwable fault) {}

    @Override
    public boolean release() {
        closed = true;
        for (Session session : sessions.values()) {
            session.sayGoodbye(writer);
            leave(session);
        }
        sessions.clear();
        requesters = 0;
        leaving.removeIf(Session::release);
        if (!leaving.isEmpty()) {
            return false;
        }
        CloseHelper.quietClose(requests);
        return true;
    }

    /** Instead of {@link #release()}, if it never was the engine's. */
    void discard() {
        CloseHelper.quietClose(requests);
    }

    @Override
    public String toString() {
        return "responder at " + requests.channel() + ", stream " + requests.streamId();
    }
}
