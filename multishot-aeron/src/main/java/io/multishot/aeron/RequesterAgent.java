package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link Requester} that runs on the engine's thread: announces the requester to the responder, watches
 * whether the responder is alive, and receives the replies. Methods without a remark on threads belong to that thread.
 */
final class RequesterAgent<Q, R> implements EngineAgent {
    private static final int FRAGMENTS_PER_CYCLE = 10;

    /** At least this many heartbeats are asked for in one peer timeout. */
    private static final int HEARTBEATS_PER_TIMEOUT = 4;

    /** However long the timeout is, so that a restarted responder is noticed soon. */
    private static final long MAX_HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Between hellos while no responder is known, unless heartbeats are more frequent. */
    private static final long SEARCH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    final Publication publication;
    final ActiveWriters writers = new ActiveWriters();
    final long requesterId = RandomId.next();

    final Aeron aeron;
    private final ReplyTable<R> table;
    private final Decoder<R> decoder;
    private final Subscription replies;
    private final FragmentAssembler assembler = new FragmentAssembler(this::onMessage);
    private final FragmentHandler fragmentHandler = this::onFragment;
    private final UnavailableImages unavailableImages =
            new UnavailableImages(assembler::freeSessionBuffer, this::onImageUnavailable);
    private final FrameWriter writer = new FrameWriter();
    private final PeerCheckSchedule checkSchedule = new PeerCheckSchedule();
    private final int replyStream;
    private final long timeoutNanos;
    private final long heartbeatNanos;
    private final SilenceTimer silenceTimer;
    private final AtomicLong ignored = new AtomicLong();

    /** Replies whose receiver had abandoned the round. */
    private final AtomicLong unwanted = new AtomicLong();

    /**
     * The responder that requests go to; null if none is known. Written on the engine's thread. {@link Call#ask} loads
     * it, opens a ticket, and loads it again; this class stores it, then fails every open ticket. All of these are
     * volatile, so in any interleaving a ticket for a lost responder is either failed here or noticed there.
     */
    private volatile @Nullable ConnectedResponder responder;

    private volatile @Nullable String unusableReason;

    // Accessed on the engine's thread only

    private @Nullable Hello hello;

    /** The last session that ended by a bye or by a new session. Frames of it may still arrive, and are stale. */
    private long staleSessionId = RandomId.NONE;

    private long nextHello = System.nanoTime();

    RequesterAgent(RequesterBuilder<Q, R> settings, ReplyTable<R> table) {
        this.table = table;
        decoder = settings.decoder;
        timeoutNanos = settings.peerTimeout.toNanos();
        heartbeatNanos = Math.min(timeoutNanos / HEARTBEATS_PER_TIMEOUT, MAX_HEARTBEAT_NANOS);
        silenceTimer = new SilenceTimer(heartbeatNanos, nextHello);
        replyStream = Long.hashCode(requesterId);
        String replyChannel = settings.replyChannel();
        aeron = settings.engine.aeron();
        publication = DriverRegistration.addPublication(aeron, settings.channel(), settings.stream);
        try {
            replies = DriverRegistration.addSubscription(aeron, replyChannel, replyStream, unavailableImages);
        } catch (Throwable refused) {
            publication.close();
            throw refused;
        }
    }

    /** Returns the responder that requests go to; null if none is known. Any thread. */
    @Nullable ConnectedResponder responder() {
        return responder;
    }

    /** Any thread. */
    long ignored() {
        return ignored.get();
    }

    /** Any thread. */
    long unwanted() {
        return unwanted.get();
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
    public void onNewClient(Aeron newClient) {
        Log.warn("the " + this + " ends with its Aeron client");
        throw new AgentTerminationException();
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
        int handled = replies.poll(fragmentHandler, FRAGMENTS_PER_CYCLE);
        return checkSchedule.isDue(handled) ? handled + checkResponder(System.nanoTime()) : handled;
    }

    private int checkResponder(long now) {
        checkSchedule.checked(now);
        long silenceNanos = silenceTimer.check(now);
        unavailableImages.drain(replies);
        int done = 0;
        if (now - nextHello >= 0 && sendHello()) {
            nextHello = now + (responder == null ? Math.min(heartbeatNanos, SEARCH_NANOS) : heartbeatNanos);
            done++;
        }
        if (responder != null && silenceNanos >= timeoutNanos) {
            staleSessionId = RandomId.NONE;
            long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
            disconnect("the responder at " + this + " was not heard for " + millis + " ms");
            done++;
        }
        return done;
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
    private boolean sendHello() {
        if (aeron.isClosed()) {
            becomeUnusable("the media driver is gone, or its client was closed: make a new engine");
            return true;
        }
        Hello payload = hello;
        if (payload == null) {
            String channel = replies.tryResolveChannelEndpointPort();
            if (channel == null) {
                return false;
            }
            int heartbeatMillis = (int) Math.max(TimeUnit.NANOSECONDS.toMillis(heartbeatNanos), 1);
            payload = new Hello(heartbeatMillis, replyStream, channel);
            hello = payload;
        }
        // If this one is not sent, because of back-pressure or for lack of a responder, the next one will do.
        SendResult result = writer.header(Frame.HELLO, requesterId, RandomId.NONE, Frame.NO_TICKET)
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
        int unused =
                table.failAll(new PeerLostException(reason + "; whether it has carried out this request is unknown"));
    }

    private void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        ConnectedResponder current = responder;
        if (current != null) {
            silenceTimer.onFragment(current, buffer, offset, length, header);
        }
        assembler.onFragment(buffer, offset, length, header);
    }

    private void onMessage(DirectBuffer buffer, int offset, int length, Header header) {
        if (!Frame.isValid(buffer, offset, length) || Frame.requesterId(buffer, offset) != requesterId) {
            ignored.incrementAndGet();
            return;
        }
        int payload = offset + Frame.HEADER_LENGTH;
        int payloadLength = length - Frame.HEADER_LENGTH;
        long ticket = Frame.ticket(header);
        switch (Frame.kind(buffer, offset)) {
            case Frame.HEARTBEAT -> onHeartbeat(Frame.sessionId(buffer, offset), header.sessionId());
            case Frame.BYE -> onBye(Frame.sessionId(buffer, offset));
            case Frame.VALUE -> onValue(ticket, buffer, payload, payloadLength);
            case Frame.FAILURE -> onFailure(ticket, buffer, payload, payloadLength);
            case Frame.DROP -> onDrop(ticket);
            default -> ignored.incrementAndGet();
        }
    }

    private boolean isCurrent(long sessionId) {
        ConnectedResponder current = responder;
        return current != null && current.sessionId == sessionId;
    }

    /** Connects to the responder if its session is a new one. */
    private void onHeartbeat(long sessionId, int aeronSessionId) {
        if (isCurrent(sessionId) || sessionId == staleSessionId) {
            return;
        }
        ConnectedResponder previous = responder;
        if (previous != null) {
            staleSessionId = previous.sessionId;
            disconnect("the responder at " + this + " was restarted, or could not hear this side for a while");
        }
        silenceTimer.onHeard();
        responder = new ConnectedResponder(sessionId, aeronSessionId);
    }

    private void onBye(long sessionId) {
        if (isCurrent(sessionId)) {
            staleSessionId = sessionId;
            disconnect("the responder at " + this + " was closed");
        }
    }

    /** Claims first: a late reply is not decoded. */
    private void onValue(long ticket, DirectBuffer buffer, int offset, int length) {
        Sender<R> sender = table.claim(ticket);
        if (sender == null) {
            return;
        }
        R value;
        try {
            value = Objects.requireNonNull(decoder.decode(buffer, offset, length), "the decoder returned null");
        } catch (Throwable undecodable) {
            countUnlessWanted(sender.fail(undecodable));
            return;
        }
        countUnlessWanted(sender.send(value));
    }

    private void onFailure(long ticket, DirectBuffer buffer, int offset, int length) {
        RemoteFailureException failure = new RemoteFailureException(Frame.text(buffer, offset, length));
        Sender<R> sender = table.claim(ticket);
        if (sender != null) {
            countUnlessWanted(sender.fail(failure));
        }
    }

    private void onDrop(long ticket) {
        Sender<R> sender = table.claim(ticket);
        if (sender != null) {
            countUnlessWanted(sender.drop());
        }
    }

    private void countUnlessWanted(boolean wanted) {
        if (!wanted) {
            unwanted.incrementAndGet();
        }
    }

    /** Waits for the threads that are writing, says goodbye, and releases what this has of Aeron. */
    @Override
    public void onClose() {
        writers.close();
        responder = null;
        writers.awaitEmpty();
        try {
            // If this is not sent, the responder sees its image of the publication close.
            SendResult unused = writer.header(Frame.BYE, requesterId, RandomId.NONE, Frame.NO_TICKET)
                    .send(publication);
        } finally {
            CloseHelper.quietCloseAll(publication, replies);
            table.close();
        }
    }

    @Override
    public void onHung() {
        writers.close();
        table.close();
    }

    /** Releases what this has of Aeron, if it was never added to the engine. Any thread. */
    void discard() {
        writers.close();
        CloseHelper.quietCloseAll(publication, replies);
    }

    @Override
    public String roleName() {
        return "requester of " + publication.channel() + ", stream " + publication.streamId();
    }

    @Override
    public String toString() {
        return roleName();
    }
}
