package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import io.multishot.ReplyTable;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The asking side of a connection to one responder. Each asking task has a {@link Call} of its own, and sends its
 * requests with {@link Call#ask}. Any number of calls, on any threads, share a requester.
 *
 * <p><b>Delivery.</b> At most once. Each request that was {@linkplain SendResult#ACCEPTED accepted} ends: with what the
 * responder does; or with a {@link PeerLostException} when the responder was closed, was restarted, or was not heard
 * for the {@linkplain RequesterBuilder#peerTimeout peer timeout}; or because the requester was closed. How long a live
 * responder takes is a matter between it and the call's own patience.
 *
 * <p><b>Garbage.</b> A request allocates nothing here, beyond what the codecs allocate.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 */
public final class Requester<Q, R> implements AutoCloseable {
    private static final long A_MOMENT_NANOS = 200_000;
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    final Encoder<Q> encoder;
    final ReplyTable<R> table;
    final RequesterAgent<Q, R> link;

    private final Engine engine;

    Requester(RequesterBuilder<Q, R> settings) {
        engine = settings.engine;
        encoder = settings.encoder;
        table = new ReplyTable<>(settings.capacity);
        link = new RequesterAgent<>(settings, table);
        try {
            engine.add(link);
        } catch (IllegalStateException engineClosed) {
            link.discard();
            throw engineClosed;
        }
    }

    /**
     * Begins to make a requester.
     *
     * @param engine what it runs on
     * @param encoder writes the requests
     * @param decoder reads the replies
     * @param <Q> the type of the requests
     * @param <R> the type of the replies
     * @return the builder
     */
    @CheckReturnValue
    public static <Q, R> RequesterBuilder<Q, R> builder(Engine engine, Encoder<Q> encoder, Decoder<R> decoder) {
        return new RequesterBuilder<>(engine, encoder, decoder);
    }

    /**
     * Tells whether a responder is there: it was heard, and was not lost since. One that takes another's place is there
     * from the moment on when all requests to the other have failed: who asks again as soon as one fails may still hear
     * {@link SendResult#NOT_CONNECTED}. Wait-free.
     *
     * @return true if a request would be sent, unless there is no room for it
     */
    @CheckReturnValue
    public boolean isConnected() {
        return !link.isClosed() && link.peer() != null;
    }

    /**
     * Waits for a responder. With {@link Engine#invoked}, it calls {@link Engine#work()} meanwhile.
     *
     * @param patience how long at most
     * @return true if one is there; false if time has run out
     * @throws InterruptedException if the thread is interrupted
     * @throws IllegalStateException if the requester is closed, or the media driver is gone; or if a handler or waker
     *     calls this, for it would wait for itself
     */
    public boolean awaitConnected(Duration patience) throws InterruptedException {
        engine.checkOutside("wait for a responder");
        long nanos = patience.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : patience.toNanos();
        long start = System.nanoTime();
        while (peer() == null) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() - start >= nanos) {
                return false;
            }
            if (!engine.isInvoked() || engine.work() == 0) {
                LockSupport.parkNanos(A_MOMENT_NANOS);
            }
        }
        return true;
    }

    /**
     * Counts the requests in flight, for monitoring; see {@link ReplyTable#inFlight()}.
     *
     * @return how many
     */
    @CheckReturnValue
    public int inFlight() {
        return table.inFlight();
    }

    /**
     * Tells how many replies were refused so far, because they were late, doubled or unknown, or their receiver had
     * left. Wait-free.
     *
     * @return the count
     */
    @CheckReturnValue
    public long refused() {
        return table.refused() + link.unwanted();
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
     * Closes this requester: requests in flight fail, and {@link Call#ask} throws from now on. Idempotent. Any thread.
     * What it has of Aeron is given back a moment later, by the engine's thread.
     */
    @Override
    public void close() {
        link.close();
        table.close();
    }

    @Override
    public String toString() {
        return link.toString();
    }

    @Nullable ConnectedResponder peer() {
        if (link.isClosed()) {
            throw closed();
        }
        ConnectedResponder peer = link.peer();
        String why = peer == null ? link.uselessBecause() : null;
        if (why != null) {
            throw new IllegalStateException(this + " is of no more use: " + why);
        }
        return peer;
    }

    IllegalStateException closed() {
        return new IllegalStateException(this + " is closed: make a new one");
    }
}
