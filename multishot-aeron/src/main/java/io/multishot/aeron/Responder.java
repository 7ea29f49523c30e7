package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * The answering side: hands each request to a {@link Handler}, with a {@link RemoteSender} for its reply. Any number of
 * requesters, in any processes, share a responder. There is one responder for each channel and stream.
 *
 * <p><b>Back-pressure.</b> It has at most as many requests in hand as its {@linkplain ResponderBuilder#capacity
 * capacity}. Others wait in Aeron's buffers, of fixed size, and when those are full, the requesters are told
 * {@link SendResult#BACK_PRESSURED}.
 *
 * <p><b>Garbage.</b> A request allocates nothing here, beyond what the codecs allocate; with
 * {@link ResponderBuilder#guarded()}, one small object.
 */
public final class Responder implements AutoCloseable {
    private final ResponderAgent<?, ?> link;

    <Q, R> Responder(ResponderBuilder<Q, R> settings, Handler<? super Q, R> handler) {
        link = new ResponderAgent<>(settings, handler);
        try {
            settings.engine.add(link);
        } catch (IllegalStateException engineClosed) {
            link.discard();
            throw engineClosed;
        }
    }

    /**
     * Begins to make a responder.
     *
     * @param engine what it runs on
     * @param decoder reads the requests
     * @param encoder writes the replies
     * @param <Q> the type of the requests
     * @param <R> the type of the replies
     * @return the builder
     */
    @CheckReturnValue
    public static <Q, R> ResponderBuilder<Q, R> builder(Engine engine, Decoder<Q> decoder, Encoder<R> encoder) {
        return new ResponderBuilder<>(engine, decoder, encoder);
    }

    /**
     * Counts the requests in hand, for monitoring: handed out and not answered yet.
     *
     * @return how many; a snapshot
     */
    @CheckReturnValue
    public int inHand() {
        return link.inHand();
    }

    /**
     * Counts the requesters that are there, for monitoring.
     *
     * @return how many; a snapshot
     */
    @CheckReturnValue
    public int requesters() {
        return link.requesters();
    }

    /**
     * Tells how many messages were ignored so far, because they were malformed, or meant for somebody else. Wait-free.
     *
     * @return the count
     */
    @CheckReturnValue
    public long ignored() {
        return link.ignored();
    }

    /**
     * Closes this responder: a moment later, by the engine's thread, its requesters are told, so their requests fail;
     * answers to these are {@link SendResult#NOT_CONNECTED} then. Idempotent. Any thread.
     */
    @Override
    public void close() {
        link.close();
    }

    @Override
    public String toString() {
        return link.toString();
    }
}
