package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.multishot.ReplyTable;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;

/**
 * A connection of an engine to one responder, shared by all {@link Requester}s with the same settings: one publication
 * for their requests, one subscription for their replies, one session. It announces itself to the responder, watches
 * whether the responder is alive, and hands each reply to the {@link Inbox} of its requester. Methods without a remark
 * on threads belong to the engine's thread.
 */
final class Connection implements EngineAgent {
    private static final int FRAGMENTS_PER_CYCLE = 10;

    /** At least this many heartbeats are asked for in one peer timeout. */
    private static final int HEARTBEATS_PER_TIMEOUT = 4;

    /** However long the timeout is, so that a restarted responder is noticed soon. */
    private static final long MAX_HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Between hellos while no responder is known, unless heartbeats are more frequent. */
    private static final long SEARCH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Of a responder that is not connected any more: so many show that it lives on beside the current one. */
    private static final int STALE_HEARTBEATS_OF_A_RIVAL = 10;

    private static final Inbox<?>[] NO_INBOXES = {};

    /**
     * What requesters must have in common to share a connection.
     *
     * @param replyChannel null if it is derived from the channel
     */
    record Key(String channel, int stream, @Nullable String replyChannel, Duration peerTimeout, int maxMessageLength) {}

    final Key key;
    final ActiveWriters writers = new ActiveWriters();
    final long id = RandomId.next();

    final Engine engine;
    private final String replyChannel;
    private final int replyStream = Long.hashCode(id);
    private final FragmentAssembler assembler = new FragmentAssembler(this::onMessage);
    private final FragmentHandler fragmentHandler = this::onFragment;
    private final BoundedMessages boundedMessages;
    private final UnavailableImages unavailableImages =
            new UnavailableImages(this::forgetMessage, this::onImageUnavailable);
    private final FrameWriter writer = new FrameWriter();
    private final PeerCheckSchedule checkSchedule = new PeerCheckSchedule(this::check);
    private final long timeoutNanos;
    private final long heartbeatNanos;
    private final SilenceTimer silenceTimer;
    private final AtomicLong ignored = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong backPressured = new AtomicLong();

    /** In the order of their numbers. Copied on write, under the lock of this object. */
    private volatile Inbox<?>[] inboxes = NO_INBOXES;

    /** Guarded by the lock of this object. */
    private int lastNumber = Frame.NO_REQUESTER;

    /**
     * The responder that requests go to; null if none is known. Written on the engine's thread. {@link Call#ask} loads
     * it, opens a ticket, and loads it again; this class stores it, then fails every open ticket. All of these are
     * volatile, so in any interleaving a ticket for a lost responder is either failed here or noticed there.
     */
    private volatile @Nullable ConnectedResponder responder;

    private volatile @Nullable String unusableReason;

    // Accessed on the engine's thread only, once this was added to the engine

    Aeron aeron;
    private Publication publication;
    private Subscription replies;
    private @Nullable Hello hello;
    private final AgentCounters counters;

    /** The last session that ended by a bye or by a new session. Frames of it may still arrive, and are stale. */
    private long staleSessionId = RandomId.NONE;

    private int staleHeartbeats;
    private long nextHello = System.nanoTime();

    /** Those of a cycle that told nothing new. They are no work: an idle engine must not stay awake for them. */
    private int heartbeats;

    /**
     * Registers with the driver, and waits until it is registered. The opener's thread.
     *
     * @throws io.aeron.exceptions.RegistrationException if the driver refuses a channel
     */
    Connection(Engine engine, Key key) {
        this.engine = engine;
        this.key = key;
        boundedMessages = new BoundedMessages(key.maxMessageLength);
        timeoutNanos = key.peerTimeout.toNanos();
        heartbeatNanos = Math.min(timeoutNanos / HEARTBEATS_PER_TIMEOUT, MAX_HEARTBEAT_NANOS);
        silenceTimer = new SilenceTimer(heartbeatNanos, nextHello);
        replyChannel = key.replyChannel == null ? ReplyChannel.of(key.channel) : key.replyChannel;
        counters = new AgentCounters(roleName())
                .show("requests in flight", () -> sum(inbox -> inbox.table.inFlight()))
                .show("requests expired", () -> sum(Inbox::expired))
                .show("requests cancelled", cancelled::get)
                .show("requests back-pressured", backPressured::get)
                .show("replies refused", () -> sum(Inbox::refused))
                .show("messages ignored", ignored::get);
        ReplyAddress unused = ReplyChannel.address(replyChannel); // refuses a channel that no responder could address
        aeron = engine.aeron();
        publication = DriverRegistration.addPublication(aeron, key.channel, key.stream);
        try {
            replies = DriverRegistration.addSubscription(aeron, replyChannel, replyStream, unavailableImages);
        } catch (Throwable refused) {
            publication.close();
            throw refused;
        }
    }

    @Override
    public void onNewClient(Aeron newClient) {
        if (responder != null) {
            disconnect("the connection to the media driver was lost");
        }
        Publication newPublication = DriverRegistration.addPublication(newClient, key.channel, key.stream);
        try {
            replies = DriverRegistration.addSubscription(newClient, replyChannel, replyStream, unavailableImages);
        } catch (Throwable refused) {
            newPublication.close();
            throw refused;
        }
        aeron = newClient;
        publication = newPublication;
        hello = null;
        staleSessionId = RandomId.NONE;
        unusableReason = null;
        nextHello = System.nanoTime();
    }

    private long sum(ToLongFunction<Inbox<?>> count) {
        return Arrays.stream(inboxes).mapToLong(count).sum();
    }

    /** Adds a requester. Any thread. */
    synchronized <R> Inbox<R> attach(ReplyTable<R> table, Decoder<R> decoder) {
        Inbox<R> inbox = new Inbox<>(++lastNumber, table, decoder);
        Inbox<?>[] copy = Arrays.copyOf(inboxes, inboxes.length + 1);
        copy[inboxes.length] = inbox;
        inboxes = copy;
        return inbox;
    }

    /** Removes a requester, and tells the responder that nobody waits for its replies. Any thread. */
    void detach(Inbox<?> inbox) {
        synchronized (this) {
            inboxes = Arrays.stream(inboxes).filter(each -> each != inbox).toArray(Inbox<?>[]::new);
        }
        cancel(new FrameWriter(), inbox, Frame.NO_TICKET);
    }

    /**
     * Says that nobody waits for the reply to a request. If this is not sent, the responder works in vain. Any thread.
     */
    void cancel(FrameWriter with, Inbox<?> inbox, long ticket) {
        ConnectedResponder to = responder;
        if (to == null || !writers.enter(with.stripe)) {
            return;
        }
        try {
            SendResult result = with.header(Frame.CANCEL, 0, to.sessionId, inbox.number, 0, ticket)
                    .send(to.publication);
            if (result == SendResult.ACCEPTED && ticket != Frame.NO_TICKET) {
                cancelled.incrementAndGet();
            }
        } finally {
            writers.exit(with.stripe);
        }
    }

    /** Takes note that a request could not be sent for lack of space. Any thread. */
    void onBackPressure() {
        backPressured.incrementAndGet();
    }

    /** Returns the responder that requests go to; null if none is known. Any thread. */
    @Nullable ConnectedResponder responder() {
        return responder;
    }

    /** Any thread. */
    long ignored() {
        return ignored.get();
    }

    /** Begins to close. Any thread. */
    void close() {
        writers.close();
    }

    /** Any thread. */
    boolean isClosed() {
        return writers.isClosed();
    }

    /** Returns why this can never connect to a responder again; null if it can. Any thread. */
    @Nullable String unusableReason() {
        return unusableReason;
    }

    @Override
    public int doWork() {
        if (isClosed()) {
            responder = null;
            if (writers.isEmpty()) {
                throw new AgentTerminationException();
            }
            return 0;
        }
        heartbeats = 0;
        int handled = replies.poll(fragmentHandler, FRAGMENTS_PER_CYCLE);
        return handled - heartbeats + checkSchedule.checkIfDue(handled);
    }

    private int check(long now) {
        long silenceNanos = silenceTimer.check(now);
        unavailableImages.drain(replies);
        int done = 0;
        for (Inbox<?> each : inboxes) {
            done += each.expire(now);
        }
        counters.update(aeron, now);
        boolean isNeeded = inboxes.length > 0; // the engine may be here before the first requester is
        if (isNeeded && now - nextHello >= 0 && sendHello(now)) {
            nextHello = now + (responder == null ? Math.min(heartbeatNanos, SEARCH_NANOS) : heartbeatNanos);
        }
        if (responder != null && silenceNanos >= timeoutNanos) {
            staleSessionId = RandomId.NONE;
            long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
            disconnect("the responder at " + this + " was not heard for " + millis + " ms");
            done++;
        }
        return done;
    }

    private void forgetMessage(int aeronSessionId) {
        assembler.freeSessionBuffer(aeronSessionId);
        boundedMessages.forget(aeronSessionId);
    }

    /** Disconnects from a responder whose image is gone: replies may have been lost with it. */
    private void onImageUnavailable(int aeronSessionId) {
        ConnectedResponder current = responder;
        if (current != null && current.aeronSessionId == aeronSessionId) {
            staleSessionId = RandomId.NONE;
            disconnect("the connection to the responder at " + this + " was cut");
        }
    }

    /** Returns false if the port of the reply channel is not known yet; then this is to be called again soon. */
    private boolean sendHello(long now) {
        if (aeron.isClosed()) {
            becomeUnusable("the media driver is gone, or its client was closed: "
                    + (engine.reconnects() ? "wait for the engine to connect again, or " : "")
                    + "make a new engine");
            return true;
        }
        Hello payload = hello;
        if (payload == null) {
            String channel = replies.tryResolveChannelEndpointPort();
            if (channel == null) {
                return false;
            }
            int heartbeatMillis = (int) Math.max(TimeUnit.NANOSECONDS.toMillis(heartbeatNanos), 1);
            int termLength = ReplyChannel.termLength(ChannelUri.parse(replyChannel));
            payload = new Hello(
                    id, heartbeatMillis, replyStream, termLength, key.maxMessageLength, ReplyChannel.address(channel));
            hello = payload;
        }
        // If this one is not sent, because of back-pressure or for lack of a responder, the next one will do.
        int time = (int) TimeUnit.NANOSECONDS.toMicros(now);
        SendResult result = writer.header(
                        Frame.HELLO, inboxes.length, RandomId.NONE, Frame.NO_REQUESTER, time, Frame.NO_TICKET)
                .send(publication, Hello.ENCODER, payload, Hello.ENCODER.length(payload));
        if (result == SendResult.NOT_CONNECTED && writer.isPublicationExhausted()) {
            becomeUnusable("its channel has carried all it can, 2^31 terms:"
                    + " make a new requester, with a larger term-length");
        }
        return true;
    }

    private void becomeUnusable(String reason) {
        unusableReason = reason;
        if (responder != null) {
            disconnect(this + " can no longer be used: " + reason);
        }
    }

    private void disconnect(String reason) {
        responder = null;
        LostPeerEvent.commit(reason);
        PeerLostException lost = new PeerLostException(reason + "; whether it has carried out this request is unknown");
        for (Inbox<?> each : inboxes) {
            int unused = each.table.failAll(lost);
        }
    }

    private void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        ConnectedResponder current = responder;
        if (current != null) {
            silenceTimer.onFragment(current, buffer, offset, length, header);
        }
        switch (boundedMessages.check(header.sessionId(), header.flags(), length)) {
            case ASSEMBLE -> assembler.onFragment(buffer, offset, length, header);
            case DISCARD -> {
                assembler.freeSessionBuffer(header.sessionId());
                ignored.incrementAndGet();
            }
            case SKIP -> {}
        }
    }

    private void onMessage(DirectBuffer buffer, int offset, int length, Header header) {
        if (!Frame.isValid(buffer, offset, length)) {
            OtherVersions.report(buffer, offset, length, this, engine.faults);
            ignored.incrementAndGet();
            return;
        }
        int kind = Frame.kind(buffer, offset);
        long sessionId = Frame.sessionId(buffer, offset);
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        if (kind == Frame.HEARTBEAT && ConnectionId.decode(buffer, payload, payloadLength) == id) {
            onHeartbeat(sessionId, header.sessionId(), Frame.argument(buffer, offset));
        } else if (kind == Frame.BYE) {
            onBye(sessionId);
        } else {
            Inbox<?> inbox = inbox(Frame.requester(buffer, offset));
            if (inbox == null || kind < Frame.VALUE || kind > Frame.REFUSAL) {
                ignored.incrementAndGet();
            } else if (!isCurrent(sessionId)) {
                inbox.refuseStale();
            } else {
                onOutcome(inbox, kind, buffer, offset, length, header);
            }
        }
    }

    private static void onOutcome(
            Inbox<?> inbox, int kind, DirectBuffer buffer, int offset, int length, Header header) {
        long ticket = Frame.ticket(header);
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        boolean isWanted = switch (kind) {
            case Frame.VALUE -> inbox.onValue(ticket, buffer, payload, payloadLength);
            case Frame.FAILURE ->
                inbox.onFailure(
                        ticket,
                        new RemoteFailureException(
                                Frame.argument(buffer, offset), Frame.text(buffer, payload, payloadLength)));
            case Frame.REFUSAL ->
                inbox.onFailure(ticket, new RequestRefusedException(Frame.text(buffer, payload, payloadLength)));
            default -> inbox.onDrop(ticket);
        };
        if (!isWanted) {
            LateReplyEvent.commit(inbox.number, ticket, Frame.time(buffer, offset));
        }
    }

    /** Returns null if this requester is closed, or never was. Several take turns, so the search must be quick. */
    private @Nullable Inbox<?> inbox(int number) {
        Inbox<?>[] all = inboxes;
        int low = 0;
        int high = all.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int difference = number - all[middle].number;
            if (difference == 0) {
                return all[middle];
            }
            if (difference < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return null;
    }

    private boolean isCurrent(long sessionId) {
        ConnectedResponder current = responder;
        return current != null && current.sessionId == sessionId;
    }

    private void onBye(long sessionId) {
        if (isCurrent(sessionId)) {
            staleSessionId = sessionId;
            disconnect("the responder at " + this + " was closed");
        }
    }

    /** Connects to the responder if its session is a new one. */
    private void onHeartbeat(long sessionId, int aeronSessionId, int maxRequestLength) {
        if (isCurrent(sessionId)) {
            heartbeats++;
            return;
        }
        if (sessionId == staleSessionId) {
            staleHeartbeats++;
            if (staleHeartbeats == STALE_HEARTBEATS_OF_A_RIVAL) {
                engine.faults.report("two responders answer to the " + this + ": requests go to only one of them;"
                        + " give each a channel or stream of its own");
            }
            return;
        }
        ConnectedResponder previous = responder;
        if (previous != null) {
            staleSessionId = previous.sessionId;
            staleHeartbeats = 0;
            disconnect("the responder at " + this + " was restarted, or could not hear this side for a while");
        }
        silenceTimer.onHeard();
        responder = new ConnectedResponder(sessionId, aeronSessionId, publication, maxRequestLength);
    }

    /** Waits for the threads that are writing, says goodbye, and releases what this has of Aeron. */
    @Override
    public void onClose() {
        engine.endpoints.forget(this);
        writers.close();
        ConnectedResponder last = responder;
        responder = null;
        writers.awaitEmpty();
        try {
            // If this is not sent, the responder sees its image of the publication close.
            SendResult unused = writer.header(Frame.BYE, last == null ? RandomId.NONE : last.sessionId)
                    .send(publication, ConnectionId.ENCODER, id, ConnectionId.LENGTH);
        } finally {
            counters.close();
            CloseHelper.quietCloseAll(publication, replies);
            for (Inbox<?> each : inboxes) {
                each.table.close();
            }
        }
    }

    @Override
    public void onHung() {
        engine.endpoints.forget(this);
        writers.close();
        for (Inbox<?> each : inboxes) {
            each.table.close();
        }
    }

    /** Releases what this has of Aeron, if it was never added to the engine. Any thread. */
    void discard() {
        writers.close();
        CloseHelper.quietCloseAll(publication, replies);
    }

    @Override
    public String roleName() {
        return "requester of " + key.channel + ", stream " + key.stream;
    }

    @Override
    public String toString() {
        return roleName();
    }
}
