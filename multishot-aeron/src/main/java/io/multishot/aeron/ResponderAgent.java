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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link Responder} that runs on the engine's thread: keeps a session with each requester, sends
 * heartbeats, and passes requests to the handler. Methods without a remark on threads belong to that thread.
 */
final class ResponderAgent<Q, R> implements EngineAgent {
    private static final int FRAGMENTS_PER_CYCLE = 10;
    private static final long PARK_NANOS = 200_000;

    /** Between warnings that any process on the network can cause. */
    private static final long WARNING_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Engine engine;
    final Aeron aeron;
    private final Decoder<Q> decoder;
    private final Handler<? super Q, R> handler;
    private final Predicate<String> mayReplyTo;
    private final int maxRequesters;
    private final Subscription requests;
    private final ControlledFragmentAssembler assembler = new ControlledFragmentAssembler(this::onMessage);
    private final UnavailableImages unavailableImages =
            new UnavailableImages(assembler::freeSessionBuffer, aeronSessionId -> {});
    private final FrameWriter writer = new FrameWriter();
    private final PeerCheckSchedule checkSchedule = new PeerCheckSchedule();

    /** By requester id. */
    private final Long2ObjectHashMap<Session> sessions = new Long2ObjectHashMap<>();

    /** Closed sessions, to whose publications a thread may still be writing. */
    private final List<Session> closedSessions = new ArrayList<>();

    private final ManyToOneConcurrentArrayQueue<PendingReply<R>> pool;
    private final int capacity;
    private final AtomicLong ignored = new AtomicLong();

    /** Failures that Aeron has not accepted yet; at most as many as the capacity. */
    private final ArrayDeque<UnsentFailure<R>> unsentFailures = new ArrayDeque<>();

    /** The number of sessions. Written on the engine's thread. */
    private volatile int requesters;

    private volatile boolean closed;

    // Accessed on the engine's thread only

    private long nextWarning = System.nanoTime();
    private @Nullable Session lastFound;

    ResponderAgent(ResponderBuilder<Q, R> settings, Handler<? super Q, R> handler) {
        engine = settings.engine;
        aeron = engine.aeron();
        decoder = settings.decoder;
        mayReplyTo = settings.mayReplyTo;
        maxRequesters = settings.maxRequesters;
        capacity = settings.capacity;
        this.handler = handler;
        pool = new ManyToOneConcurrentArrayQueue<>(Math.max(capacity, 2));
        for (int i = 0; i < capacity; i++) {
            pool.add(new PendingReply<>(settings.encoder, pool, settings.recycling));
        }
        requests = DriverRegistration.addSubscription(aeron, settings.channel, settings.stream, unavailableImages);
    }

    /** Any thread. */
    int inHand() {
        return capacity - pool.size();
    }

    /** Any thread. */
    int requesters() {
        return requesters;
    }

    /** Any thread. */
    long ignored() {
        return ignored.get();
    }

    /** Begins to close. Any thread. */
    void close() {
        closed = true;
    }

    @Override
    public void onNewClient(Aeron newClient) {
        Log.warn("the " + this + " ends with its Aeron client");
        throw new AgentTerminationException();
    }

    @Override
    public int doWork() {
        if (closed) {
            closeSessions();
            if (closedSessions.isEmpty()) {
                throw new AgentTerminationException();
            }
            return 0;
        }
        int done = unsentFailures.isEmpty() ? 0 : retryUnsentFailures();
        done += requests.controlledPoll(assembler, FRAGMENTS_PER_CYCLE);
        return checkSchedule.isDue(done) ? done + checkRequesters(System.nanoTime()) : done;
    }

    private int checkRequesters(long now) {
        checkSchedule.checked(now);
        unavailableImages.drain(requests);
        int done = 0;
        for (Iterator<Session> each = sessions.values().iterator(); each.hasNext(); ) {
            Session session = each.next();
            done += sendHeartbeatIfDue(session, now);
            if (session.isLost()) {
                each.remove();
                close(session);
                done++;
            }
        }
        requesters = sessions.size();
        if (!closedSessions.isEmpty()) {
            closedSessions.removeIf(Session::release);
        }
        return done;
    }

    private int sendHeartbeatIfDue(Session session, long now) {
        try {
            return session.sendHeartbeatIfDue(writer, now);
        } catch (AeronException refused) {
            session.markLost();
            ignored.incrementAndGet();
            // A requester with an invalid reply channel says hello many times a second.
            if (now - nextWarning >= 0) {
                nextWarning = now + WARNING_INTERVAL_NANOS;
                Log.warn("no reply channel to the " + session + ": " + refused.getMessage());
            }
            return 1;
        }
    }

    private void close(Session session) {
        lastFound = null;
        session.close();
        closedSessions.add(session);
    }

    private Action onMessage(DirectBuffer buffer, int offset, int length, Header header) {
        if (!Frame.isValid(buffer, offset, length)) {
            return ignore();
        }
        long requesterId = Frame.requesterId(buffer, offset);
        int kind = Frame.kind(buffer, offset);
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        Session session = findSession(requesterId);
        if (kind == Frame.HELLO && (session == null || session.isLost())) {
            Image image = requests.imageBySessionId(header.sessionId());
            return onHello(requesterId, Hello.decode(buffer, payload, payloadLength), image);
        }
        if (session == null || !session.isFrom(header.sessionId())) {
            return ignore();
        }
        return switch (kind) {
            case Frame.HELLO -> Action.CONTINUE;
            case Frame.BYE -> {
                sessions.remove(requesterId);
                close(session);
                yield Action.CONTINUE;
            }
            case Frame.REQUEST ->
                Frame.sessionId(buffer, offset) == session.sessionId
                        ? onRequest(session, Frame.ticket(header), buffer, payload, payloadLength)
                        : ignore();
            default -> ignore();
        };
    }

    /**
     * Returns the session of a requester; null if there is none. Requests come in bursts, so it caches the last one.
     */
    private @Nullable Session findSession(long requesterId) {
        Session session = lastFound;
        if (session == null || session.requesterId != requesterId) {
            session = sessions.get(requesterId);
            lastFound = session;
        }
        return session;
    }

    private Action ignore() {
        ignored.incrementAndGet();
        return Action.CONTINUE;
    }

    /** Begins a session, in place of one that is lost. */
    private Action onHello(long requesterId, @Nullable Hello hello, @Nullable Image image) {
        if (hello == null || image == null || !isReplyAllowed(hello.replyChannel())) {
            return ignore();
        }
        Session previous = sessions.remove(requesterId);
        if (previous != null) {
            close(previous);
        }
        if (sessions.size() >= maxRequesters) {
            return ignore();
        }
        sessions.put(requesterId, new Session(engine, aeron, requesterId, hello, image, System.nanoTime()));
        return Action.CONTINUE;
    }

    private boolean isReplyAllowed(String channel) {
        try {
            return mayReplyTo.test(channel);
        } catch (RuntimeException undecided) {
            return false;
        }
    }

    /** Calls the handler. If the capacity is in use, the request stays in Aeron's buffer and is delivered again. */
    private Action onRequest(Session session, long ticket, DirectBuffer buffer, int offset, int length) {
        PendingReply<R> reply = pool.poll();
        if (reply == null) {
            return Action.ABORT;
        }
        RemoteSender<R> sender = reply.begin(session, ticket);
        int round = sender.round();
        try {
            handler.handle(
                    Objects.requireNonNull(decoder.decode(buffer, offset, length), "the decoder returned null"),
                    sender);
        } catch (Throwable fault) {
            boolean unused = trySend(new UnsentFailure<>(sender, round, fault));
        }
        return Action.CONTINUE;
    }

    private int retryUnsentFailures() {
        int done = 0;
        for (int left = unsentFailures.size(); left > 0; left--) {
            done += trySend(unsentFailures.remove()) ? 1 : 0;
        }
        return done;
    }

    /** Sends a failure. Returns false if it is kept to be sent later. */
    private boolean trySend(UnsentFailure<R> failure) {
        SendResult result = SendResult.BACK_PRESSURED;
        try {
            result = failure.sender.failIfLive(failure.round, failure.cause);
        } catch (Throwable unsent) {
            Log.error("sending a failure to a requester of the " + this, unsent);
        }
        if (result == null) {
            Log.error(
                    "the handler of the " + this + " threw after it had consumed its sender or given it away",
                    failure.cause);
        } else if (result == SendResult.BACK_PRESSURED) {
            unsentFailures.add(failure);
        }
        return result != SendResult.BACK_PRESSURED;
    }

    /** A request that has failed, but whose requester does not know yet. */
    private record UnsentFailure<R>(RemoteSender<R> sender, int round, Throwable cause) {}

    /** Says goodbye to each requester, and closes what no thread is writing to. */
    private void closeSessions() {
        for (Session session : sessions.values()) {
            session.sendBye(writer);
            close(session);
        }
        sessions.clear();
        requesters = 0;
        closedSessions.removeIf(Session::release);
    }

    /** Waits for the threads that are writing, and releases what this has of Aeron. */
    @Override
    public void onClose() {
        closed = true;
        try {
            closeSessions();
            while (!closedSessions.isEmpty()) {
                LockSupport.parkNanos(PARK_NANOS);
                closedSessions.removeIf(Session::release);
            }
        } finally {
            CloseHelper.quietClose(requests);
        }
    }

    /** Releases what this has of Aeron, if it was never added to the engine. Any thread. */
    void discard() {
        CloseHelper.quietClose(requests);
    }

    @Override
    public String roleName() {
        return "responder at " + requests.channel() + ", stream " + requests.streamId();
    }

    @Override
    public String toString() {
        return roleName();
    }
}
