package io.multishot.aeron;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Requester}.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 */
public final class RequesterBuilder<Q, R> {
    /** So that a beat of the responder, four in this time, is at least a millisecond. */
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(20);

    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

    final Engine engine;
    final Encoder<Q> encoder;
    final Decoder<R> decoder;
    int stream = ResponderBuilder.DEFAULT_STREAM;
    int capacity = 1024;
    Duration peerTimeout = Duration.ofSeconds(2);

    private String channel = ResponderBuilder.DEFAULT_CHANNEL;
    private @Nullable String replyChannel;

    RequesterBuilder(Engine engine, Encoder<Q> encoder, Decoder<R> decoder) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.encoder = Objects.requireNonNull(encoder, "encoder");
        this.decoder = Objects.requireNonNull(decoder, "decoder");
    }

    /**
     * Sets where the responder is.
     *
     * @param channel a channel of Aeron, such as {@code aeron:udp?endpoint=HOST:PORT}; {@code aeron:ipc} unless set
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RequesterBuilder<Q, R> channel(String channel) {
        this.channel = Objects.requireNonNull(channel, "channel");
        return this;
    }

    /**
     * Sets which stream of the channel the responder listens to.
     *
     * @param stream any number, the same on both sides; 1 unless set
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RequesterBuilder<Q, R> stream(int stream) {
        this.stream = stream;
        return this;
    }

    /**
     * Sets where replies are heard, as the responder must address it. Unless set, it is the address of this host from
     * which the responder is reached, and a port that is free.
     *
     * @param replyChannel a channel of Aeron; its port may be 0, for any
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RequesterBuilder<Q, R> replyChannel(String replyChannel) {
        this.replyChannel = Objects.requireNonNull(replyChannel, "replyChannel");
        return this;
    }

    /**
     * Sets how many requests can be in flight.
     *
     * @param capacity at least 1; 1024 unless set
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RequesterBuilder<Q, R> capacity(int capacity) {
        this.capacity = capacity;
        return this;
    }

    /**
     * Sets after what time of silence the responder counts as lost. It is asked to be heard four times in that time,
     * and at least once a second; a handler that holds up its engine's thread for longer looks like a responder that is
     * gone. If this side's engine is held up meanwhile, for longer than between two signs of life, the first such time
     * does not count.
     *
     * @param peerTimeout from 20 milliseconds to one hour; 2 seconds unless set
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RequesterBuilder<Q, R> peerTimeout(Duration peerTimeout) {
        if (peerTimeout.compareTo(SHORTEST_TIMEOUT) < 0 || peerTimeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("peer timeout must be from " + SHORTEST_TIMEOUT + " to "
                    + LONGEST_TIMEOUT + ", was " + peerTimeout);
        }
        this.peerTimeout = peerTimeout;
        return this;
    }

    /**
     * Makes the requester. It looks for the responder from now on, which need not be there yet.
     *
     * @return the requester
     * @throws IllegalArgumentException if the capacity is less than 1, a channel is none, or it does not tell where
     *     replies can be heard
     * @throws java.io.UncheckedIOException if the responder's host is unknown or there is no way to it
     * @throws io.aeron.exceptions.RegistrationException if the driver refuses a channel
     * @throws IllegalStateException if the engine is closed
     */
    @CheckReturnValue
    public Requester<Q, R> open() {
        return new Requester<>(this);
    }

    String channel() {
        return channel;
    }

    String replyChannel() {
        return replyChannel == null ? ReplyChannel.of(channel) : replyChannel;
    }
}
