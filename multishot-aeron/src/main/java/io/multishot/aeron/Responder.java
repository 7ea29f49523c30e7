package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The replying side: passes each request to a {@link Handler}, with a {@link RemoteSender} for its reply. Any number of
 * requesters, in any processes, share a responder. There is one responder for each channel and stream.
 *
 * <p><b>Back-pressure.</b> A responder has at most as many requests in hand as its
 * {@linkplain ResponderBuilder#capacity capacity}. Further requests wait in Aeron's buffers, which have a fixed size;
 * when those are full, {@link Call#ask} returns {@link SendResult#BACK_PRESSURED}.
 *
 * <p><b>Garbage.</b> A request allocates its {@link RemoteSender}, one small object, beyond what the codecs allocate;
 * with {@link ResponderBuilder#recycling()}, nothing.
 *
 * @since 0.1.0
 */
public final class Responder implements AutoCloseable {
    private final ResponderAgent<?, ?> agent;
    private final Runnable removeAddress;
    private final AtomicBoolean closed = new AtomicBoolean();

    <Q, R> Responder(ResponderBuilder<Q, R> settings, Handler<? super Q, R> handler) {
        EngineEndpoints endpoints = settings.engine.endpoints;
        endpoints.addResponder(settings.channel, settings.stream);
        removeAddress = () -> endpoints.removeResponder(settings.channel, settings.stream);
        boolean isOpen = false;
        try {
            agent = new ResponderAgent<>(settings, handler);
            try {
                settings.engine.add(agent, agent.aeron);
                isOpen = true;
            } catch (IllegalStateException engineClosed) {
                agent.discard();
                throw engineClosed;
            }
        } finally {
            if (!isOpen) {
                removeAddress.run();
            }
        }
    }

    /**
     * Returns a builder.
     *
     * @param engine the engine that runs the responder
     * @param decoder decodes the requests
     * @param encoder encodes the replies
     * @param <Q> the type of the requests
     * @param <R> the type of the replies
     * @return the builder
     */
    @CheckReturnValue
    public static <Q, R> ResponderBuilder<Q, R> builder(Engine engine, Decoder<Q> decoder, Encoder<R> encoder) {
        return new ResponderBuilder<>(engine, decoder, encoder);
    }

    /**
     * Returns the number of requests in hand, for monitoring: passed to the handler and not replied to yet.
     *
     * @return a snapshot of the number
     */
    @CheckReturnValue
    public int inHand() {
        return agent.inHand();
    }

    /**
     * Returns the number of connected requesters, for monitoring.
     *
     * @return a snapshot of the number
     */
    @CheckReturnValue
    public int requesters() {
        return agent.requesters();
    }

    /**
     * Returns how many messages were ignored so far because they were malformed or meant for another responder.
     * Wait-free.
     *
     * @return the number
     */
    @CheckReturnValue
    public long ignored() {
        return agent.ignored();
    }

    /**
     * Returns how many requests were refused so far, because there was no place for them. Wait-free.
     *
     * @return the number
     */
    @CheckReturnValue
    public long refused() {
        return agent.refused();
    }

    /**
     * Returns how many requests were not passed to the handler, or ended while it had them, because their patience was
     * at an end or nearly so. Wait-free.
     *
     * @return the number
     */
    @CheckReturnValue
    public long expired() {
        return agent.expired();
    }

    /**
     * Returns how many requests were cancelled while the handler had them. Wait-free.
     *
     * @return the number
     */
    @CheckReturnValue
    public long cancelled() {
        return agent.cancelled();
    }

    /**
     * Closes this responder. The engine's thread shortly after notifies the requesters, whose requests fail; from then
     * on replies to these get {@link SendResult#NOT_CONNECTED}. Idempotent. Any thread.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            agent.close();
            removeAddress.run();
        }
    }

    @Override
    public String toString() {
        return agent.toString();
    }
}
