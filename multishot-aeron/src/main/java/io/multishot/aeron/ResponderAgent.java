package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.ControlledFragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link Responder} that runs on the engine's thread: keeps a session with each connection, sends
 * heartbeats, and passes requests to the handler. Methods without a remark on threads belong to that thread.
 */
final class ResponderAgent<Q, R> implements EngineAgent {
    private static final int FRAGMENTS_PER_CYCLE = 10;
    private static final long PARK_NANOS = 200_000;

    /** Between warnings that any process on the network can cause. */
    private static final long WARNING_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * A request is late when less than this part of its patience is left: to answer it takes some time, too. Otherwise
     * a responder that cannot keep up would hand out just those requests whose answers come a little late.
     */
    private static final int LATE_PART = 10;

    /** A peer that claims to have more has that many. */
    private static final int MAX_REQUESTERS_OF_A_SESSION = 10_000;

    private static final byte[] NO_PLACE =
            "the responder has as many requests in hand as it may: ask again later, or elsewhere"
                    .getBytes(StandardCharsets.UTF_8);

    private final Engine engine;
    private final ResponderBuilder<Q, R> settings;
    private final ChannelUri channel;
    private final Handler<? super Q, R> handler;
    private final long maxWaitNanos;
    private final ControlledFragmentAssembler assembler = new ControlledFragmentAssembler(this::onMessage);
    private final BoundedMessages boundedMessages;
    private final ControlledFragmentHandler fragmentHandler = this::onFragment;
    private final UnavailableImages unavailableImages =
            new UnavailableImages(this::forgetMessage, aeronSessionId -> {});
    private final FrameWriter writer = new FrameWriter();
    private final PeerCheckSchedule checkSchedule = new PeerCheckSchedule(this::check);
    private final Sessions sessions;
    private final InHand<R> inHand;

    /** Closed sessions, to whose publications a thread may still be writing. */
    private final List<Session> closedSessions = new ArrayList<>();

    private final AtomicLong ignored = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AgentCounters counters;

    /**
     * Failures that Aeron has not accepted yet; at most as many as are in hand. Added to by threads of the executor.
     */
    private final Queue<UnsentFailure<R>> unsentFailures = new ConcurrentLinkedQueue<>();

    /** The number of requesters, as their hellos say. Written on the engine's thread. */
    private volatile int requesters;

    private volatile boolean closed;

    // Accessed on the engine's thread only, once this was added to the engine

    Aeron aeron;
    private Subscription requests;
    private long nextWarning = System.nanoTime();

    /** Those of a cycle. They are no work: an idle engine must not stay awake for them. */
    private int repeatedHellos;

    ResponderAgent(ResponderBuilder<Q, R> settings, Handler<? super Q, R> handler) {
        this.settings = settings;
        this.handler = handler;
        engine = settings.engine;
        aeron = engine.aeron();
        channel = ChannelUri.parse(settings.channel);
        maxWaitNanos = settings.maxWait.toNanos();
        boundedMessages = new BoundedMessages(settings.maxRequestLength);
        sessions = new Sessions(settings.maxRequesters);
        inHand = new InHand<>(settings);
        counters = new AgentCounters(roleName())
                .show("requests in hand", inHand::size)
                .show("requests refused", refused::get)
                .show("requests expired", expired::get)
                .show("requests cancelled", cancelled::get)
                .show("replies back-pressured", inHand::backPressured)
                .show("requesters", () -> requesters)
                .show("messages ignored", ignored::get);
        requests = DriverRegistration.addSubscription(aeron, settings.channel, settings.stream, unavailableImages);
    }

    @Override
    public void onNewClient(Aeron newClient) {
        for (Session session : new ArrayList<>(sessions.all())) {
            close(session);
        }
        aeron = newClient;
        requests = DriverRegistration.addSubscription(newClient, settings.channel, settings.stream, unavailableImages);
    }

    /** Any thread. */
    int inHand() {
        return inHand.size();
    }

    /** Any thread. */
    int requesters() {
        return requesters;
    }

    /** Any thread. */
    long ignored() {
        return ignored.get();
    }

    /** Any thread. */
    long refused() {
        return refused.get();
    }

    /** Any thread. */
    long expired() {
        return expired.get();
    }

    /** Any thread. */
    long cancelled() {
        return cancelled.get();
    }

    /** Begins to close. Any thread. */
    void close() {
        closed = true;
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
        repeatedHellos = 0;
        int handled = requests.controlledPoll(fragmentHandler, FRAGMENTS_PER_CYCLE);
        return handled - repeatedHellos + checkSchedule.checkIfDue(handled);
    }

    private int check(long atTime) {
        unavailableImages.drain(requests);
        counters.update(aeron, atTime);
        int done = unsentFailures.isEmpty() ? 0 : retryUnsentFailures();
        if (inHand.hasOverdue(atTime)) {
            int ended = inHand.endOverdue(atTime);
            expired.getAndAdd(ended);
            done += ended;
        }
        List<Session> lost = null;
        int count = 0;
        for (Session session : sessions.all()) {
            sendHeartbeatIfDue(session, atTime);
            if (session.isLost()) {
                lost = lost == null ? new ArrayList<>() : lost;
                lost.add(session);
            } else {
                count += Math.min(Math.max(session.requesters, 0), MAX_REQUESTERS_OF_A_SESSION);
            }
        }
        if (lost != null) {
            lost.forEach(this::close);
            done += lost.size();
        }
        requesters = count;
        releaseClosed();
        return done;
    }

    private void releaseClosed() {
        if (!closedSessions.isEmpty()) {
            closedSessions.removeIf(session -> inHand.abandonAll(session) && session.release());
        }
    }

    private void sendHeartbeatIfDue(Session session, long atTime) {
        try {
            session.sendHeartbeatIfDue(writer, settings.maxRequestLength, atTime);
        } catch (AeronException refusedByDriver) {
            session.markLost();
            ignored.incrementAndGet();
            // A requester with an invalid reply channel says hello many times a second.
            if (atTime - nextWarning >= 0) {
                nextWarning = atTime + WARNING_INTERVAL_NANOS;
                Log.warn("no reply channel to the " + session + ": " + refusedByDriver.getMessage());
            }
        }
    }

    private void close(Session session) {
        sessions.remove(session);
        session.close();
        closedSessions.add(session);
        boolean unused = inHand.abandonAll(session);
        LostPeerEvent.commit(session + " has gone, or its session was cut");
    }

    private void forgetMessage(int aeronSessionId) {
        assembler.freeSessionBuffer(aeronSessionId);
        boundedMessages.forget(aeronSessionId);
    }

    private Action onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        return switch (boundedMessages.check(header.sessionId(), header.flags(), length)) {
            case ASSEMBLE -> assembler.onFragment(buffer, offset, length, header);
            case DISCARD -> {
                assembler.freeSessionBuffer(header.sessionId());
                yield ignore();
            }
            case SKIP -> Action.CONTINUE;
        };
    }

    private Action onMessage(DirectBuffer buffer, int offset, int length, Header header) {
        if (!Frame.isValid(buffer, offset, length)) {
            OtherVersions.report(buffer, offset, length, this, engine.faults);
            return ignore();
        }
        int kind = Frame.kind(buffer, offset);
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        if (kind == Frame.HELLO) {
            Image image = requests.imageBySessionId(header.sessionId());
            return onHello(
                    Hello.decode(buffer, payload, payloadLength),
                    Frame.argument(buffer, offset),
                    Frame.time(buffer, offset),
                    image);
        }
        Session session = kind == Frame.BYE
                ? sessions.byConnection(ConnectionId.decode(buffer, payload, payloadLength))
                : sessions.byId(Frame.sessionId(buffer, offset));
        if (session == null || !session.isFrom(header.sessionId())) {
            return ignore();
        }
        return switch (kind) {
            case Frame.BYE -> {
                close(session);
                yield Action.CONTINUE;
            }
            case Frame.CANCEL -> {
                cancelled.getAndAdd(inHand.cancel(session, Frame.requester(buffer, offset), Frame.ticket(header)));
                yield Action.CONTINUE;
            }
            case Frame.REQUEST -> onRequest(session, buffer, offset, length, header);
            default -> ignore();
        };
    }

    private Action ignore() {
        ignored.incrementAndGet();
        return Action.CONTINUE;
    }

    /** Begins a session, unless there is one; in place of one that is lost. */
    private Action onHello(@Nullable Hello hello, int requestersOfIt, int time, @Nullable Image image) {
        if (hello == null || image == null) {
            return ignore();
        }
        long atTime = System.nanoTime();
        Session previous = sessions.byConnection(hello.connectionId());
        if (previous != null && !previous.isLost()) {
            if (!previous.isFrom(image.sessionId())) {
                return ignore();
            }
            int unused = previous.delay.micros(time, atTime);
            previous.requesters = requestersOfIt;
            repeatedHellos++;
            return Action.CONTINUE;
        }
        if (!isReplyAllowed(hello.replyAddress().channel())) {
            return ignore();
        }
        if (previous != null) {
            close(previous);
        }
        if (sessions.isFull()) {
            Session evicted = sessions.toEvict(Session.source(image), atTime);
            ignored.incrementAndGet();
            if (evicted == null) {
                return Action.CONTINUE;
            }
            close(evicted);
        }
        String replyChannel = hello.replyAddress().channel(channel, hello.replyTermLength());
        Session session = new Session(engine, aeron, hello, replyChannel, image, atTime);
        int unused = session.delay.micros(time, atTime);
        session.requesters = requestersOfIt;
        sessions.add(session);
        return Action.CONTINUE;
    }

    private boolean isReplyAllowed(String replyChannel) {
        try {
            return settings.mayReplyTo.test(replyChannel);
        } catch (RuntimeException undecided) {
            return false;
        }
    }

    /**
     * Passes a request to the handler, unless it is late. If there is no place for it, it stays in Aeron's buffer and
     * is delivered again, and what is behind it waits with it; but not for long.
     */
    private Action onRequest(Session session, DirectBuffer buffer, int offset, int length, Header header) {
        int requester = Frame.requester(buffer, offset);
        int time = Frame.time(buffer, offset);
        long ticket = Frame.ticket(header);
        int patience = Frame.argument(buffer, offset);
        long atTime = patience == 0 && session.noPlaceSince == 0 ? 0 : System.nanoTime();
        int left = 0;
        if (patience > 0) {
            left = patience - session.delay.micros(time, atTime);
            if (left <= patience / LATE_PART) {
                expired.incrementAndGet();
                return Action.CONTINUE; // its requester has given it up, or is about to
            }
        }
        PendingReply<R> reply = inHand.take(session);
        if (reply == null) {
            return refuseOrWait(session, requester, time, ticket);
        }
        session.noPlaceSince = 0;
        session.isUsed = true;
        pass(reply, session, buffer, offset, length, header, left);
        return Action.CONTINUE;
    }

    /**
     * Refuses a request if its session has had no place for a while, or if it would hold up others. Otherwise it is to
     * be delivered again.
     */
    private Action refuseOrWait(Session session, int requester, int time, long ticket) {
        long atTime = System.nanoTime();
        if (session.noPlaceSince == 0) {
            session.noPlaceSince = atTime == 0 ? 1 : atTime;
        }
        boolean mayWait = atTime - session.noPlaceSince < maxWaitNanos && sessions.hasImageOfItsOwn(session);
        if (mayWait || !session.refuse(writer, requester, time, ticket, NO_PLACE)) {
            return Action.ABORT;
        }
        refused.incrementAndGet();
        return Action.CONTINUE;
    }

    private void pass(
            PendingReply<R> reply,
            Session session,
            DirectBuffer buffer,
            int offset,
            int length,
            Header header,
            int leftMicros) {
        Executor executor = settings.executor;
        reply.setRequest(session, Frame.requester(buffer, offset), Frame.ticket(header), Frame.time(buffer, offset));
        long atTime = leftMicros > 0 || settings.maxAge != null ? System.nanoTime() : 0;
        if (leftMicros > 0) {
            long deadline = atTime + TimeUnit.MICROSECONDS.toNanos(leftMicros);
            int margin = Frame.argument(buffer, offset) / LATE_PART;
            reply.setDeadline(deadline, deadline - TimeUnit.MICROSECONDS.toNanos(margin));
        }
        RemoteSender<R> sender;
        try {
            sender = reply.begin(atTime, executor != null);
        } catch (OutOfMemoryError noSender) {
            inHand.giveBack(reply);
            throw noSender;
        }
        long round = sender.round();
        inHand.beginHandling(reply);
        try {
            Q request = Objects.requireNonNull(
                    settings.decoder.decode(buffer, offset + Frame.HEADER_LENGTH, length - Frame.HEADER_LENGTH),
                    "the decoder returned null");
            if (executor == null) {
                handler.handle(request, sender);
            } else {
                executor.execute(new HandlerTask<>(this, request, sender));
            }
        } catch (Throwable fault) {
            fail(sender, round, fault);
            if (executor != null) {
                sender.endTask(round);
            }
        } finally {
            inHand.endHandling(reply);
        }
    }

    /** Calls the handler unless its reply would be late. A thread of the executor. */
    void handleIfInTime(Q request, RemoteSender<R> sender, long round) {
        if (sender.isLate()) {
            expired.incrementAndGet();
            sender.abandon(round);
            return;
        }
        try {
            handler.handle(request, sender);
        } catch (Throwable fault) {
            fail(sender, round, fault);
        }
    }

    private void fail(RemoteSender<R> sender, long round, Throwable cause) {
        boolean unused = trySend(new UnsentFailure<>(sender, round, cause));
    }

    private int retryUnsentFailures() {
        int done = 0;
        for (int left = unsentFailures.size(); left > 0; left--) {
            UnsentFailure<R> failure = unsentFailures.poll();
            done += failure != null && trySend(failure) ? 1 : 0;
        }
        return done;
    }

    /** Sends a failure. Returns false if it is kept to be sent later. */
    private boolean trySend(UnsentFailure<R> failure) {
        SendResult result = SendResult.BACK_PRESSURED;
        try {
            result = failure.sender.failIfLive(failure.round, failure.cause);
        } catch (Throwable unsent) {
            engine.faults.report("sending a failure to a requester of the " + this, unsent);
        }
        if (result == null) {
            engine.faults.report(
                    "the handler of the " + this + " threw after it had consumed its sender or given it away",
                    failure.cause);
        } else if (result == SendResult.BACK_PRESSURED) {
            unsentFailures.add(failure);
        }
        return result != SendResult.BACK_PRESSURED;
    }

    /** A request that has failed, but whose requester does not know yet. */
    private record UnsentFailure<R>(RemoteSender<R> sender, long round, Throwable cause) {}

    /** Says goodbye to each requester, and closes what no thread is writing to. */
    private void closeSessions() {
        for (Session session : new ArrayList<>(sessions.all())) {
            session.sendBye(writer);
            close(session);
        }
        requesters = 0;
        releaseClosed();
    }

    /** Waits for the threads that are writing, and releases what this has of Aeron. */
    @Override
    public void onClose() {
        closed = true;
        try {
            closeSessions();
            while (!closedSessions.isEmpty()) {
                LockSupport.parkNanos(PARK_NANOS);
                releaseClosed();
            }
        } finally {
            counters.close();
            CloseHelper.quietClose(requests);
        }
    }

    /** Releases what this has of Aeron, if it was never added to the engine. Any thread. */
    void discard() {
        CloseHelper.quietClose(requests);
    }

    @Override
    public String roleName() {
        return "responder at " + settings.channel + ", stream " + settings.stream;
    }

    @Override
    public String toString() {
        return roleName();
    }
}
