package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import io.multishot.ReplyTable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The requesting side of a connection to one responder. Each task has a {@link Call} of its own, and sends its requests
 * with {@link Call#ask}. Any number of calls, on any threads, share a requester.
 *
 * <p><b>Delivery.</b> At most once. Each {@linkplain SendResult#ACCEPTED accepted} request ends: with the outcome that
 * the responder sends; with a {@link PeerLostException} when the responder was closed, was restarted, or was not heard
 * for the {@linkplain RequesterBuilder#peerTimeout peer timeout}; or with an exception when the requester is closed. A
 * live responder may take any time, so give a request its patience, or wait with a timeout.
 *
 * <p><b>Garbage.</b> A request allocates nothing here, beyond what the codecs allocate.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 * @since 0.1.0
 */
public final class Requester<Q, R> implements AutoCloseable {
    private static final long PARK_NANOS = 200_000;
    private static final Duration MAX_TIMEOUT = Duration.ofNanos(Long.MAX_VALUE);

    final Engine engine;
    final Encoder<Q> encoder;
    final Connection connection;
    final Inbox<R> inbox;

    private final AtomicBoolean closed = new AtomicBoolean();

    Requester(RequesterBuilder<Q, R> settings) {
        engine = settings.engine;
        encoder = settings.encoder;
        ReplyTable<R> table = new ReplyTable<>(settings.capacity);
        connection = engine.endpoints.acquire(settings.connectionKey());
        inbox = connection.attach(table, settings.decoder);
    }

    /**
     * Returns a builder.
     *
     * @param engine the engine that runs the requester
     * @param encoder encodes the requests
     * @param decoder decodes the replies
     * @param <Q> the type of the requests
     * @param <R> the type of the replies
     * @return the builder
     */
    @CheckReturnValue
    public static <Q, R> RequesterBuilder<Q, R> builder(Engine engine, Encoder<Q> encoder, Decoder<R> decoder) {
        return new RequesterBuilder<>(engine, encoder, decoder);
    }

    /**
     * Returns whether a responder is there: it was heard, and was not lost since. When one responder replaces another,
     * this returns true for the new one once all requests to the old one have failed; a task that asks again as soon as
     * one of them fails may still get {@link SendResult#NOT_CONNECTED}. Wait-free.
     *
     * @return true if a request would be sent, given space for it
     */
    @CheckReturnValue
    public boolean isConnected() {
        return !closed.get() && !connection.isClosed() && connection.responder() != null;
    }

    /**
     * Waits for a responder. With {@link Engine#invoked}, this calls {@link Engine#work()} meanwhile.
     *
     * @param timeout how long to wait at most
     * @return true if a responder is there; false on a timeout
     * @throws InterruptedException if the thread is interrupted
     * @throws IllegalStateException if the requester is closed, or the media driver is gone; or if a handler or waker
     *     calls this, which would wait for itself
     */
    public boolean awaitConnected(Duration timeout) throws InterruptedException {
        engine.checkNotInDutyCycle("wait for a responder");
        long nanos = nanos(timeout);
        long start = System.nanoTime();
        while (responder() == null) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() - start >= nanos) {
                return false;
            }
            workOrPark(PARK_NANOS);
        }
        return true;
    }

    /**
     * Returns the number of requests in flight, for monitoring; see {@link ReplyTable#inFlight()}.
     *
     * @return the number
     */
    @CheckReturnValue
    public int inFlight() {
        return inbox.table.inFlight();
    }

    /**
     * Returns how many replies were refused so far because they were late, duplicate or unknown, or because their
     * receiver had abandoned the round. Wait-free.
     *
     * @return the number
     */
    @CheckReturnValue
    public long refused() {
        return inbox.refused();
    }

    /**
     * Returns how many requests ended so far because their patience did. Wait-free.
     *
     * @return the number
     */
    @CheckReturnValue
    public long expired() {
        return inbox.expired();
    }

    /**
     * Returns how many messages were ignored so far because they were malformed or meant for another requester. The
     * number is that of the connection, which requesters of one engine to one responder share. Wait-free.
     *
     * @return the number
     */
    @CheckReturnValue
    public long ignored() {
        return connection.ignored();
    }

    /**
     * Closes this requester: requests in flight fail, and {@link Call#ask} throws from now on. Idempotent. Any thread.
     * The engine's thread releases the Aeron resources shortly after.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            inbox.table.close();
            connection.detach(inbox);
            engine.endpoints.release(connection);
        }
    }

    @Override
    public String toString() {
        return connection.toString();
    }

    /** Returns the responder; null if none is there. Throws if none can be there any more. */
    @Nullable ConnectedResponder responder() {
        if (closed.get() || connection.isClosed()) {
            throw closed();
        }
        ConnectedResponder responder = connection.responder();
        String unusableReason = responder == null ? connection.unusableReason() : null;
        if (unusableReason != null) {
            throw new IllegalStateException(this + " can no longer be used: " + unusableReason);
        }
        return responder;
    }

    /** Returns a duration in nanoseconds: 0 if it is negative, and at most 292 years. */
    static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(MAX_TIMEOUT) > 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    IllegalStateException closed() {
        return new IllegalStateException(this + " is closed: make a new one");
    }

    /**
     * Makes what a thread waits for more likely: calls {@link Engine#work()} if nobody else does, and otherwise sleeps.
     */
    void workOrPark(long parkNanos) {
        if (!engine.isInvoked() || engine.work() == 0) {
            LockSupport.parkNanos(parkNanos);
        }
    }
}
