package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.exceptions.AeronException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A responder's session with a {@link Connection} of requesters, and the publication for its replies.
 *
 * <p>A session ends when any message between the two may have been lost. The requester's next hello then begins a new
 * one, from whose {@link #sessionId} the requester learns that the requests in flight are lost.
 */
final class Session {
    /** For the driver to register the publication, and for the requester to connect to it. */
    private static final long CONNECT_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

    final long sessionId = RandomId.next();
    final Hello hello;

    /** The host that this side's messages come from, as Aeron names it. */
    final String source;

    private final Image image;
    private final Engine engine;
    private final Aeron aeron;
    private final long registrationId;
    final long startTime;
    private final ActiveWriters writers = new ActiveWriters();

    /** Null until the driver has registered it. Written on the engine's thread, before the first request is handled. */
    private volatile @Nullable Publication publication;

    private volatile boolean lost;

    // Accessed on the engine's thread only

    final QueueingDelay delay = new QueueingDelay();

    /** The number of requests in hand, for {@link InHand}. */
    int inHand;

    /** The number of requesters that share it, as the last hello said. */
    int requesters;

    /** Whether a request of this session was handed to the handler. */
    boolean isUsed;

    /** Since when there is no place for its requests, on the scale of {@link System#nanoTime()}; 0 if there is one. */
    long noPlaceSince;

    private boolean connected;
    private long nextHeartbeat;

    Session(Engine engine, Aeron aeron, Hello hello, String replyChannel, Image image, long now) {
        this.engine = engine;
        this.aeron = aeron;
        this.hello = hello;
        this.image = image;
        source = source(image);
        registrationId = aeron.asyncAddPublication(replyChannel, hello.replyStream());
        startTime = now;
        nextHeartbeat = now;
    }

    /** Returns the host that the messages of an image come from, as Aeron names it. */
    static String source(Image image) {
        String sourceIdentity = image.sourceIdentity();
        int colon = sourceIdentity.lastIndexOf(':');
        return colon < 0 ? sourceIdentity : sourceIdentity.substring(0, colon);
    }

    int aeronSessionId() {
        return image.sessionId();
    }

    /**
     * Returns true if a message of this Aeron session belongs to this session. A message of another one that names this
     * one is forged.
     */
    boolean isFrom(int aeronSessionId) {
        return image.sessionId() == aeronSessionId;
    }

    /**
     * Sends a heartbeat if one is due. The engine's thread.
     *
     * @param maxRequestLength the longest request that the responder takes
     * @throws io.aeron.exceptions.RegistrationException if the driver refuses the reply channel
     */
    void sendHeartbeatIfDue(FrameWriter writer, int maxRequestLength, long now) {
        Publication to = publication;
        if (to == null) {
            to = aeron.getPublication(registrationId);
            publication = to;
        }
        boolean timedOut = now - startTime >= CONNECT_TIMEOUT_NANOS;
        if (to == null) {
            lost |= timedOut;
            return;
        }
        if (now - nextHeartbeat < 0) {
            return;
        }
        nextHeartbeat = now + TimeUnit.MILLISECONDS.toNanos(hello.heartbeatMillis());
        // Under back-pressure a heartbeat is not needed: the requester hears the replies that cause it.
        SendResult result = writer.header(
                        Frame.HEARTBEAT, maxRequestLength, sessionId, Frame.NO_REQUESTER, 0, Frame.NO_TICKET)
                .send(to, ConnectionId.ENCODER, hello.connectionId(), ConnectionId.LENGTH);
        connected |= result == SendResult.ACCEPTED;
        lost |= result == SendResult.NOT_CONNECTED && (connected || timedOut);
    }

    /** Ends this session because a reply could not be sent. Any thread. */
    void markLost() {
        lost = true;
    }

    /** Returns true if this session is to be closed, also because Aeron has noticed that the requester is gone. */
    boolean isLost() {
        return lost || image.isClosed();
    }

    /** Returns true if a reply would reach no requester. Any thread. */
    boolean isAbandoned() {
        return lost || writers.isClosed();
    }

    /**
     * Keeps the publication open until {@link #exit}, and returns it; null if this session is closed. Any thread that
     * has a request of this session.
     */
    @Nullable Publication enter(int stripe) {
        if (engine.isInDutyCycle()) {
            return writers.isClosed() ? null : publication; // only this thread would close it, and it is busy here
        }
        return writers.enter(stripe) ? publication : null;
    }

    /** Tells the threads of this process that something was sent. Any thread. */
    void wakeEngines() {
        engine.wake();
    }

    void exit(int stripe) {
        if (!engine.isInDutyCycle()) {
            writers.exit(stripe);
        }
    }

    /** Says that there is no place for a request. Returns false if that could not be sent now. The engine's thread. */
    boolean refuse(FrameWriter writer, int requester, int time, long ticket, byte[] reason) {
        Publication to = publication;
        return to == null
                || writer.header(Frame.REFUSAL, 0, sessionId, requester, time, ticket)
                                .send(to, Codec.bytes(), reason, reason.length)
                        != SendResult.BACK_PRESSURED;
    }

    /** Refuses further replies. */
    void close() {
        writers.close();
    }

    /**
     * Closes the publication, after {@link #close()}. Returns false if a thread is writing to it; then it is to be
     * called again. The engine's thread.
     */
    boolean release() {
        if (!writers.isEmpty()) {
            return false;
        }
        Publication to = publication;
        try {
            if (to == null) {
                aeron.asyncRemovePublication(registrationId);
            } else {
                to.close();
            }
        } catch (AeronException alreadyGone) {
            Log.warn("closing the reply channel to the " + this + ": " + alreadyGone.getMessage());
        }
        return true;
    }

    /** Says that nothing more will come. The engine's thread. */
    void sendBye(FrameWriter writer) {
        Publication to = publication;
        if (to != null) {
            // If this is not sent, the requester notices the silence.
            SendResult unused = writer.header(Frame.BYE, sessionId).send(to);
        }
    }

    @Override
    public String toString() {
        return "requester at " + hello.replyAddress().channel() + ", stream " + hello.replyStream();
    }
}
