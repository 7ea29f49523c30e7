package io.multishot.aeron;

import io.aeron.Publication;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A place among the requests that an answerer has in hand, and the way back for the one that has it. The engine's thread takes it
 * from the queue of those that are free; whoever consumes the request's {@link RemoteSender} puts it back. The queue publishes it in
 * both directions.
 */
final class ReplyPath<R> {
    /** Longer texts are cut; in UTF-8 this fits into a message of the smallest term. */
    private static final int LONGEST_TEXT = 1000;

    private static final Encoder<byte[]> TEXT = BytesCodec.INSTANCE;

    private final Encoder<R> encoder;
    private final long answerer;
    private final Queue<ReplyPath<R>> free;
    private final FrameWriter writer = new FrameWriter();

    /** For all requests, one after the other; null if each gets one of its own. */
    private final @Nullable RemoteSender<R> recycled;

    private @Nullable Session session;
    private long ticket;

    ReplyPath(Encoder<R> encoder, long answerer, Queue<ReplyPath<R>> free, boolean guarded) {
        this.encoder = encoder;
        this.answerer = answerer;
        this.free = free;
        recycled = guarded ? null : new RemoteSender<>(this);
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

    /** The length of the reply in bytes; 0 if nobody wants it. */
    int length(R value) {
        Publication to = back();
        return to == null ? 0 : FrameWriter.length(to, encoder, value);
    }

    Offer send(R value, int length) {
        Publication to = back();
        return to == null
                ? Offer.NOT_CONNECTED
                : writer.write(to, Frame.VALUE, asker(), answerer, ticket, encoder, value, length);
    }

    Offer fail(Throwable cause) {
        Publication to = back();
        if (to == null) {
            return Offer.NOT_CONNECTED;
        }
        String text = String.valueOf(cause);
        byte[] bytes = text.substring(0, Math.min(text.length(), LONGEST_TEXT)).getBytes(StandardCharsets.UTF_8);
        return writer.write(to, Frame.FAILURE, asker(), answerer, ticket, TEXT, bytes, bytes.length);
    }

    Offer drop() {
        Publication to = back();
        return to == null ? Offer.NOT_CONNECTED : writer.write(to, Frame.DROP, asker(), answerer, ticket);
    }

    boolean isAbandoned() {
        return back() == null;
    }

    /** The request is over. The last thing that its sender does. */
    void free() {
        session = null;
        if (!free.offer(this)) {
            throw new AssertionError("more places than there were");
        }
    }

    private @Nullable Publication back() {
        Session to = session;
        return to == null ? null : to.back();
    }

    private long asker() {
        Session to = session;
        return to == null ? 0 : to.asker;
    }
}
