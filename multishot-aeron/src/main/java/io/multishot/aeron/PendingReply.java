package io.multishot.aeron;

import io.aeron.Publication;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A place among the requests that a responder has in hand, and the way back for the one that has it. The engine's
 * thread takes it from the queue of those that are free; whoever consumes the request's {@link RemoteSender} puts it
 * back. The queue publishes it in both directions.
 */
final class PendingReply<R> {
    static final boolean CHECKED = PendingReply.class.desiredAssertionStatus();

    /** Longer texts are cut; in UTF-8 this fits into a message of the smallest term. */
    private static final int LONGEST_TEXT = 1000;

    private static final Encoder<byte[]> TEXT = BytesCodec.INSTANCE;
    private static final byte[] NOTHING = {};

    private final Encoder<R> encoder;
    private final Queue<PendingReply<R>> free;
    private final FrameWriter writer = new FrameWriter();

    /** For all requests, one after the other; null if each gets one of its own. */
    private final @Nullable RemoteSender<R> recycled;

    /** Null while no request is here. */
    private @Nullable Session session;

    private long ticket;

    PendingReply(Encoder<R> encoder, Queue<PendingReply<R>> free, boolean guarded) {
        this.encoder = encoder;
        this.free = free;
        recycled = guarded || CHECKED ? null : new RemoteSender<>(this);
    }

    /** The sender of this request. */
    RemoteSender<R> begin(Session from, long request) {
        session = from;
        ticket = request;
        RemoteSender<R> sender = recycled;
        if (sender == null) {
            return new RemoteSender<>(this);
        }
        sender.renew();
        return sender;
    }

    // All that follows is for whoever has claimed the sender

    SendResult send(R value) {
        return answer(Frame.VALUE, encoder, value);
    }

    SendResult fail(Throwable cause) {
        String text = text(cause);
        byte[] bytes = text.substring(0, Math.min(text.length(), LONGEST_TEXT)).getBytes(StandardCharsets.UTF_8);
        return answer(Frame.FAILURE, TEXT, bytes);
    }

    /** A throwable that cannot even say what it is must not keep its request from failing. */
    private static String text(Throwable cause) {
        try {
            return String.valueOf(cause);
        } catch (Throwable speechless) {
            return cause.getClass().getName();
        }
    }

    SendResult drop() {
        return answer(Frame.DROP, TEXT, NOTHING);
    }

    /** If there is no way back, the session ends, and so the requester learns of it. */
    private <T> SendResult answer(int kind, Encoder<T> with, T message) {
        Session to = session;
        if (to == null) {
            return SendResult.NOT_CONNECTED;
        }
        Publication back = to.enter(writer.stripe);
        if (back == null) {
            return SendResult.NOT_CONNECTED;
        }
        try {
            int length = FrameWriter.length(back, with, message);
            SendResult offer = writer.write(back, kind, to.requester, to.number, ticket, with, message, length);
            if (offer == SendResult.NOT_CONNECTED) {
                to.lose();
            }
            return offer;
        } finally {
            to.exit(writer.stripe);
        }
    }

    boolean isAbandoned() {
        Session to = session;
        return to == null || to.isAbandoned();
    }

    /** The request is over. The last thing that its sender does. */
    void free() {
        session = null;
        if (!free.offer(this)) {
            throw new AssertionError("more places than there were");
        }
    }
}
