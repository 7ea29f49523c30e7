package io.multishot.aeron;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Requester}.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 * @since 0.1.0
 */
public final class RequesterBuilder<Q, R> {
    /** So that the interval of the heartbeats, a quarter of it, is at least a millisecond. */
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(20);

    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    final Engine engine;
    final Encoder<Q> encoder;
    final Decoder<R> decoder;
    int capacity = 1024;

    private String channel = ResponderBuilder.DEFAULT_CHANNEL;
    private int stream = ResponderBuilder.DEFAULT_STREAM;
    private @Nullable String replyChannel;
    private Duration peerTimeout = Duration.ofSeconds(2);
    private int maxReplyLength = ResponderBuilder.DEFAULT_MAX_MESSAGE_LENGTH;

    RequesterBuilder(Engine engine, Encoder<Q> encoder, Decoder<R> decoder) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.encoder = Objects.requireNonNull(encoder, "encoder");
        this.decoder = Objects.requireNonNull(decoder, "decoder");
    }

    /**
     * Sets the channel of the responder.
     *
     * @param channel an Aeron channel, such as {@code aeron:udp?endpoint=HOST:PORT}; the default is {@code aeron:ipc}
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RequesterBuilder<Q, R> channel(String channel) {
        this.channel = Objects.requireNonNull(channel, "channel");
        return this;
    }

    /**
     * Sets the stream of the responder.
     *
     * @param stream any number, the same on both sides; the default is 1
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RequesterBuilder<Q, R> stream(int stream) {
        this.stream = stream;
        return this;
    }

    /**
     * Sets the channel on which this requester listens, as the responder must address it. The default is the local
     * address from which the responder is reached, with a free port, and the term length of the responder's channel.
     *
     * @param replyChannel an Aeron channel: {@code aeron:ipc}, or {@code aeron:udp} with an endpoint, whose port may be
     *     0, for any. Its {@code term-length} is what the responder uses for its replies, if it is smaller than the
     *     responder's own; the responder is told nothing else but the endpoint
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
     * @param capacity at least 1; the default is 1024
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RequesterBuilder<Q, R> capacity(int capacity) {
        this.capacity = capacity;
        return this;
    }

    /**
     * Sets how long the responder may be silent until it counts as lost. It is asked for four heartbeats in that time,
     * and at least one a second; so a handler that blocks its engine's thread for longer makes its responder appear
     * lost. If this side's engine is stalled during a silence, for longer than the interval of the heartbeats, the
     * first such stall does not count.
     *
     * @param peerTimeout from 20 milliseconds to one hour; the default is 2 seconds
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RequesterBuilder<Q, R> peerTimeout(Duration peerTimeout) {
        if (peerTimeout.compareTo(MIN_TIMEOUT) < 0 || peerTimeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "peer timeout must be from " + MIN_TIMEOUT + " to " + MAX_TIMEOUT + ", was " + peerTimeout);
        }
        this.peerTimeout = peerTimeout;
        return this;
    }

    /**
     * Sets the length of the largest reply. The responder learns it, and {@link RemoteSender#send} rejects a longer
     * one. If one comes all the same, it is ignored, so that a faulty responder cannot fill the heap.
     *
     * @param maxReplyLength in bytes, from 4096 to 16 MiB, which is the default, and all that Aeron can carry
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    @CanIgnoreReturnValue
    public RequesterBuilder<Q, R> maxReplyLength(int maxReplyLength) {
        this.maxReplyLength = ResponderBuilder.checkLength("reply", maxReplyLength);
        return this;
    }

    /**
     * Creates the requester, which searches for the responder from now on. The responder need not be there yet.
     *
     * @return the requester
     * @throws IllegalArgumentException if the capacity is less than 1, a channel is invalid, or no reply channel was
     *     set and none can be derived
     * @throws java.io.UncheckedIOException if the responder's host is unknown or unreachable
     * @throws io.aeron.exceptions.RegistrationException if the driver refuses a channel
     * @throws IllegalStateException if the engine is closed
     */
    @CheckReturnValue
    public Requester<Q, R> open() {
        return new Requester<>(this);
    }

    Connection.Key connectionKey() {
        return new Connection.Key(channel, stream, replyChannel, peerTimeout, maxReplyLength);
    }
}
