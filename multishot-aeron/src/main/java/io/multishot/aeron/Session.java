package io.multishot.aeron;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.exceptions.AeronException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A requester, as its responder sees it, and the way back to it.
 *
 * <p>It has a number of its own, by which the requester knows the responder. When anything may have been lost between
 * the two, a message or a reply, the session ends; the requester's next hello makes a new one. From its number the
 * requester sees that what is in flight is lost.
 */
final class Session {
    /** For the driver, and for the requester, to answer. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    final long requester;
    final long number = RandomId.next();

    private final Hello hello;
    private final Image image;
    private final Engine engine;
    private final Aeron aeron;
    private final long registration;
    private final long begun;
    private final ActiveWriters gate = new ActiveWriters();

    /** Null before the driver has answered. Written on the engine's thread; requests come after that. */
    private volatile @Nullable Publication back;

    private volatile boolean lost;

    // The engine's thread only

    private boolean connected;
    private long nextBeat;

    Session(Engine engine, Aeron aeron, long requester, Hello hello, Image image, long now) {
        this.engine = engine;
        this.aeron = aeron;
        this.requester = requester;
        this.hello = hello;
        this.image = image;
        registration = aeron.asyncAddPublication(hello.channel(), hello.stream());
        begun = now;
        nextBeat = now;
    }

    /**
     * Does a message with this session of Aeron's come from this requester? Whoever else knows its number has another.
     */
    boolean isFrom(int imageSession) {
        return image.sessionId() == imageSession;
    }

    /**
     * Lets the requester know that we are alive, if it is time. Returns how much was done. The engine's thread.
     *
     * @throws io.aeron.exceptions.RegistrationException if the driver refuses the channel back
     */
    int beat(FrameWriter writer, long now) {
        Publication to = back;
        if (to == null) {
            to = aeron.getPublication(registration);
            back = to;
        }
        if (to == null) {
            lost |= now - begun >= PATIENCE_NANOS;
            return 0;
        }
        if (now - nextBeat < 0) {
            return 0;
        }
        nextBeat = now + TimeUnit.MILLISECONDS.toNanos(hello.beatMillis());
        // Back-pressure: the requester hears the replies that cause it.
        SendResult offer = writer.write(to, Frame.ALIVE, requester, number, 0);
        connected |= offer == SendResult.ACCEPTED;
        lost |= offer == SendResult.NOT_CONNECTED && (connected || now - begun >= PATIENCE_NANOS);
        return 1;
    }

    /** Ends this session, for an answer could not be sent. Any thread. */
    void lose() {
        lost = true;
    }

    /** Is it to be closed? Also when the requester has vanished without a word, which Aeron notices in time. */
    boolean isLost() {
        return lost || image.isClosed();
    }

    /** Is there nobody to answer? Any thread. */
    boolean isAbandoned() {
        return lost || gate.isClosed();
    }

    /**
     * Keeps the way back open, until {@link #exit}; null if it is closed. Any thread that has a request of this
     * session, so there is a way back.
     */
    @Nullable Publication enter(int stripe) {
        if (engine.isInside()) {
            return gate.isClosed() ? null : back; // a handler: the thread that would close is busy here
        }
        return gate.enter(stripe) ? back : null;
    }

    void exit(int stripe) {
        if (!engine.isInside()) {
            gate.exit(stripe);
        }
    }

    /** Lets no more answers in. */
    void close() {
        gate.close();
    }

    /**
     * After {@link #close()}: gives the publication back, unless somebody is using it: then it returns false. The
     * engine's thread.
     */
    boolean release() {
        if (!gate.isEmpty()) {
            return false;
        }
        Publication to = back;
        try {
            if (to == null) {
                aeron.asyncRemovePublication(registration);
            } else {
                to.close();
            }
        } catch (AeronException gone) {
            DutyCycle.warn("closing the way back to the " + this + ": " + gone.getMessage());
        }
        return true;
    }

    /** Says that nothing more will come. The engine's thread. */
    void sayGoodbye(FrameWriter writer) {
        Publication to = back;
        if (to != null) {
            // If this does not arrive, the requester notices the silence.
            SendResult unused = writer.write(to, Frame.BYE, requester, number, 0);
        }
    }

    @Override
    public String toString() {
        return "requester at " + hello.channel() + ", stream " + hello.stream();
    }
}
