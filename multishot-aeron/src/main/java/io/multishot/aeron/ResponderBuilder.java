package io.multishot.aeron;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Responder}.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 * @since 0.1.0
 */
public final class ResponderBuilder<Q, R> {
    static final String DEFAULT_CHANNEL = "aeron:ipc";
    static final int DEFAULT_STREAM = 1;

    /** In bytes. Longer than a hello, and than the text of any failure. */
    private static final int MIN_MAX_MESSAGE_LENGTH = 4096;

    /** In bytes: all that Aeron can carry. */
    static final int DEFAULT_MAX_MESSAGE_LENGTH = 16 << 20;

    /** So that the pool, a queue whose size is a power of two, fits into an array. */
    private static final int MAX_CAPACITY = 1 << 30;

    final Engine engine;
    final Decoder<Q> decoder;
    final Encoder<R> encoder;
    String channel = DEFAULT_CHANNEL;
    int stream = DEFAULT_STREAM;
    int capacity = 1024;
    int maxRequesters = 1024;
    int maxRequestLength = DEFAULT_MAX_MESSAGE_LENGTH;
    boolean recycling;

    /** 0 for as many as the capacity. */
    int quota;

    Duration maxWait = Duration.ofSeconds(10);

    @Nullable Duration maxAge;

    @Nullable Executor executor;

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
     * is allocated at once. So that no requester can keep others out, one that has nothing in hand gets a place even
     * then.
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
     * Sets how many requests of one requester can be in hand; all requesters of an engine that share a connection count
     * as one.
     *
     * @param quota at least 1; the default is the capacity
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> quota(int quota) {
        this.quota = checkAtLeastOne("the quota", quota);
        return this;
    }

    /**
     * Sets for how long a requester whose requests find no place, because of the capacity or the quota, waits for one:
     * meanwhile they stay in Aeron's buffers, and when these are full, it gets {@link SendResult#BACK_PRESSURED}. After
     * that each further request fails with a {@link RequestRefusedException}, until one finds a place again.
     *
     * <p>Engines that share a media driver share a buffer: what waits there holds up newcomers. So if there are several
     * of them, a request that finds no place is refused at once.
     *
     * @param maxWait 0 or more; the default is 10 seconds
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> maxWait(Duration maxWait) {
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("the longest wait must not be negative, was " + maxWait);
        }
        this.maxWait = maxWait;
        return this;
    }

    /**
     * Sets for how long a request can be in hand. When it is older, it fails at the requester with a
     * {@link RemoteFailureException}, its place is free, and its sender is inert: {@link RemoteSender#isAbandoned()}
     * returns true. So a handler that loses senders does not use up the capacity.
     *
     * @param maxAge at least a millisecond; by default there is no limit
     * @return this builder
     * @throws IllegalArgumentException if it is less than a millisecond
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> maxAge(Duration maxAge) {
        if (maxAge.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("the largest age must be at least a millisecond, was " + maxAge);
        }
        this.maxAge = maxAge;
        return this;
    }

    /**
     * Calls the handler on threads of yours, instead of the engine's, so that it may block. At most as many calls as
     * the {@linkplain #capacity capacity} are queued or run at a time. A request whose patience is nearly at an end
     * when its turn comes is skipped.
     *
     * @param executor what runs the calls, such as one that starts a virtual thread for each; if it refuses one, the
     *     request fails
     * @return this builder
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets the length of the largest request. Requesters learn it, and reject a longer one before they send it. If one
     * comes all the same, it is ignored, so that a peer cannot fill the heap.
     *
     * @param maxRequestLength in bytes, from 4096 to 16 MiB, which is the default, and all that Aeron can carry
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> maxRequestLength(int maxRequestLength) {
        this.maxRequestLength = checkLength("request", maxRequestLength);
        return this;
    }

    static int checkLength(String what, int length) {
        if (length < MIN_MAX_MESSAGE_LENGTH || length > DEFAULT_MAX_MESSAGE_LENGTH) {
            throw new IllegalArgumentException("the largest length of a " + what + " must be from "
                    + MIN_MAX_MESSAGE_LENGTH + " to " + DEFAULT_MAX_MESSAGE_LENGTH + ", was " + length);
        }
        return length;
    }

    static int checkAtLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, was " + value);
        }
        return value;
    }

    /**
     * Sets how many requesters can be connected at a time; all requesters of an engine that share a connection count as
     * one. When there are that many, a hello of a further one takes the place of one that never sent a request, if
     * possible of the host that has most of these, and otherwise is ignored. Each takes an Aeron log for its replies.
     *
     * @param maxRequesters at least 1; the default is 1024
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    @CanIgnoreReturnValue
    public ResponderBuilder<Q, R> maxRequesters(int maxRequesters) {
        this.maxRequesters = checkAtLeastOne("the number of requesters", maxRequesters);
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
     * Restricts the channels that replies are sent to. A requester names the address on which it listens, and this
     * process then sends there; so a process that can reach this one can make it send to a third. Nothing but the
     * address is taken from the requester: all else about the channel is as in this responder's own.
     *
     * @param mayReplyTo returns true for an allowed channel, which is {@code aeron:ipc}, or
     *     {@code aeron:udp?endpoint=ADDRESS:PORT} with a literal address and nothing else; called on the engine's
     *     thread; a channel for which it throws is not allowed; by default all are
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
