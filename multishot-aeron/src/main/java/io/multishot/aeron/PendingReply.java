package io.multishot.aeron;

import io.aeron.Publication;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The reply that a responder owes to one request: where to send it, and the means to write it. A responder has as many
 * of these as its capacity, and recycles them. The engine's thread takes one from the pool for each request; the thread
 * that consumes the request's {@link RemoteSender} returns it. The pool is a concurrent queue, which publishes the
 * fields in both directions.
 */
final class PendingReply<R> {
    static final boolean CHECKED = PendingReply.class.desiredAssertionStatus();

    /** In characters. Longer texts are cut; in UTF-8, this fits into one message of the smallest term. */
    private static final int MAX_TEXT_LENGTH = 1000;

    private static final Encoder<byte[]> BYTES = BytesCodec.INSTANCE;
    private static final byte[] NO_BYTES = {};

    private final Encoder<R> encoder;
    private final Queue<PendingReply<R>> pool;
    private final FrameWriter writer = new FrameWriter();

    /** The sender of every request; null if each request gets a new one. */
    private final @Nullable RemoteSender<R> recycledSender;

    /** Null while this is in the pool. */
    private @Nullable Session session;

    private long ticket;

    PendingReply(Encoder<R> encoder, Queue<PendingReply<R>> pool, boolean recycling) {
        this.encoder = encoder;
        this.pool = pool;
        recycledSender = recycling && !CHECKED ? new RemoteSender<>(this) : null;
    }

    /** Begins a request, and returns its sender. */
    RemoteSender<R> begin(Session from, long itsTicket) {
        session = from;
        ticket = itsTicket;
        RemoteSender<R> sender = recycledSender;
        if (sender == null) {
            return new RemoteSender<>(this);
        }
        sender.recycle();
        return sender;
    }

    // The methods below belong to the thread that has claimed the sender.

    SendResult send(R value) {
        return write(Frame.VALUE, encoder, value);
    }

    SendResult fail(Throwable cause) {
        String text = text(cause);
        byte[] bytes =
                text.substring(0, Math.min(text.length(), MAX_TEXT_LENGTH)).getBytes(StandardCharsets.UTF_8);
        return write(Frame.FAILURE, BYTES, bytes);
    }

    /** Returns the text of the cause. If that throws, the request must still fail, so it is the name of the class. */
    private static String text(Throwable cause) {
        try {
            return String.valueOf(cause);
        } catch (Throwable noText) {
            return cause.getClass().getName();
        }
    }

    SendResult drop() {
        return write(Frame.DROP, BYTES, NO_BYTES);
    }

    /** Sends the outcome. If the requester cannot be reached, ends the session, by which the requester learns of it. */
    private <T> SendResult write(int kind, Encoder<T> with, T message) {
        Session to = session;
        if (to == null) {
            return SendResult.NOT_CONNECTED;
        }
        Publication publication = to.enter(writer.stripe);
        if (publication == null) {
            return SendResult.NOT_CONNECTED;
        }
        try {
            int length = FrameWriter.encodedLength(publication, with, message);
            SendResult result =
                    writer.header(kind, to.requesterId, to.sessionId, ticket).send(publication, with, message, length);
            if (result == SendResult.NOT_CONNECTED) {
                to.markLost();
            }
            return result;
        } finally {
            to.exit(writer.stripe);
        }
    }

    boolean isAbandoned() {
        Session to = session;
        return to == null || to.isAbandoned();
    }

    /** Ends the request, and returns this to the pool. The last access of the sender. */
    void free() {
        session = null;
        if (!pool.offer(this)) {
            throw new AssertionError("the pool has more replies than it was made with");
        }
    }
}
