package io.multishot.aeron;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Makes a {@link Responder}.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 */
public final class ResponderBuilder<Q, R> {
    static final String DEFAULT_CHANNEL = "aeron:ipc";
    static final int DEFAULT_STREAM = 1;

    /** So that the queue of free places, whose size is a power of two, fits into an array. */
    private static final int MOST = 1 << 30;

    final Engine engine;
    final Decoder<Q> decoder;
    final Encoder<R> encoder;
    String channel = DEFAULT_CHANNEL;
    int stream = DEFAULT_STREAM;
    int capacity = 1024;
    int maxRequesters = 1024;
    boolean guarded;
    Predicate<String> mayReplyTo = channel -> true;

    ResponderBuilder(Engine engine, Decoder<Q> decoder, Encoder<R> encoder) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.decoder = Objects.requireNonNull(decoder, "decoder");
        this.encoder = Objects.requireNonNull(encoder, "encoder");
    }

    /**
     * Sets where to listen.
     *
     * @param channel a channel of Aeron, such as {@code aeron:udp?endpoint=HOST:PORT}; {@code aeron:ipc} unless set
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> channel(String channel) {
        this.channel = Objects.requireNonNull(channel, "channel");
        return this;
    }

    /**
     * Sets which stream of the channel to listen to.
     *
     * @param stream any number, the same on both sides; 1 unless set
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> stream(int stream) {
        this.stream = stream;
        return this;
    }

    /**
     * Sets how many requests can be in hand: handed to the handler, and not answered yet. All that they need is
     * allocated at once.
     *
     * @param capacity at least 1; 1024 unless set
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1 or more than 2<sup>30</sup>
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> capacity(int capacity) {
        if (capacity < 1 || capacity > MOST) {
            throw new IllegalArgumentException("capacity must be from 1 to " + MOST + ", was " + capacity);
        }
        this.capacity = capacity;
        return this;
    }

    /**
     * Sets how many requesters can be there at a time. The hellos of others are ignored until one has gone. Each takes
     * a log of Aeron's, of the size that its channel says.
     *
     * @param maxRequesters at least 1; 1024 unless set
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
     * Makes a new {@link RemoteSender} for each request, so that a stale one can never answer another. When assertions
     * are enabled, it is always so.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> guarded() {
        guarded = true;
        return this;
    }

    /**
     * Restricts where replies may go. A requester names the channel at which it listens, and this process then sends
     * there; whoever can reach it could make it send to others.
     *
     * @param mayReplyTo tells whether a channel is good; called on the engine's thread; none is for which it throws;
     *     every channel is, unless set
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> mayReplyTo(Predicate<String> mayReplyTo) {
        this.mayReplyTo = Objects.requireNonNull(mayReplyTo, "mayReplyTo");
        return this;
    }

    /**
     * Makes the responder, which listens from now on.
     *
     * @param handler answers the requests
     * @return the responder
     * @throws IllegalArgumentException if the channel is none
     * @throws io.aeron.exceptions.RegistrationException if the driver refuses the channel, such as when its address is
     *     taken
     * @throws IllegalStateException if the engine is closed
     */
    @CheckReturnValue
    public Responder open(Handler<? super Q, R> handler) {
        return new Responder(this, Objects.requireNonNull(handler, "handler"));
    }
}
