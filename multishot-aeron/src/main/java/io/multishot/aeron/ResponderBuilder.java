package io.multishot.aeron;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Builds a {@link Responder}.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 */
public final class ResponderBuilder<Q, R> {
    static final String DEFAULT_CHANNEL = "aeron:ipc";
    static final int DEFAULT_STREAM = 1;

    /** So that the pool, a queue whose size is a power of two, fits into an array. */
    private static final int MAX_CAPACITY = 1 << 30;

    final Engine engine;
    final Decoder<Q> decoder;
    final Encoder<R> encoder;
    String channel = DEFAULT_CHANNEL;
    int stream = DEFAULT_STREAM;
    int capacity = 1024;
    int maxRequesters = 1024;
    boolean recycling;
    Predicate<String> mayReplyTo = channel -> true;

    ResponderBuilder(Engine engine, Decoder<Q> decoder, Encoder<R> encoder) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.decoder = Objects.requireNonNull(decoder, "decoder");
        this.encoder = Objects.requireNonNull(encoder, "encoder");
    }

    /**
     * Sets the channel to listen on.
     *
     * @param channel an Aeron channel, such as {@code aeron:udp?endpoint=HOST:PORT}; the default is {@code aeron:ipc}
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> channel(String channel) {
        this.channel = Objects.requireNonNull(channel, "channel");
        return this;
    }

    /**
     * Sets the stream of the channel to listen on.
     *
     * @param stream any number, the same on both sides; the default is 1
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> stream(int stream) {
        this.stream = stream;
        return this;
    }

    /**
     * Sets how many requests can be in hand: passed to the handler and not replied to yet. The memory for all of them
     * is allocated at once.
     *
     * @param capacity at least 1; the default is 1024
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1 or more than 2<sup>30</sup>
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> capacity(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity must be from 1 to " + MAX_CAPACITY + ", was " + capacity);
        }
        this.capacity = capacity;
        return this;
    }

    /**
     * Sets how many requesters can be connected at a time. Hellos of further ones are ignored until one has gone. Each
     * requester takes an Aeron log, of the size that its reply channel sets.
     *
     * @param maxRequesters at least 1; the default is 1024
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> maxRequesters(int maxRequesters) {
        if (maxRequesters < 1) {
            throw new IllegalArgumentException("the number of requesters must be at least 1, was " + maxRequesters);
        }
        this.maxRequesters = maxRequesters;
        return this;
    }

    /**
     * Recycles each {@link RemoteSender} for a later request, which saves one small object a request at a price: a
     * handler that keeps its sender past its use may reply to a later, innocent request. It is for handlers that use
     * their sender once and let go of it. When assertions are enabled, senders are not recycled.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> recycling() {
        recycling = true;
        return this;
    }

    /**
     * Restricts the channels that replies are sent to. A requester names the channel on which it listens, and this
     * process then sends there; so a process that can reach this one can make it send to a third.
     *
     * @param mayReplyTo returns true for an allowed channel; called on the engine's thread; a channel for which it
     *     throws is not allowed; by default all are
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> mayReplyTo(Predicate<String> mayReplyTo) {
        this.mayReplyTo = Objects.requireNonNull(mayReplyTo, "mayReplyTo");
        return this;
    }

    /**
     * Creates the responder, which listens from now on.
     *
     * @param handler handles the requests
     * @return the responder
     * @throws IllegalArgumentException if the channel is invalid
     * @throws io.aeron.exceptions.RegistrationException if the driver refuses the channel, for example because its
     *     address is in use
     * @throws IllegalStateException if the engine is closed
     */
    @CheckReturnValue
    public Responder open(Handler<? super Q, R> handler) {
        return new Responder(this, Objects.requireNonNull(handler, "handler"));
    }
}
