package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Several requesters, each of a responder that can answer the same requests: each request goes to one of them. A
 * requester without a connection is passed over, and is asked again as soon as it has one. If the one whose turn it is
 * is full or back-pressured, the request goes to the next that takes it. Nothing is ever sent twice: to ask another
 * responder when one fails or is late is what a {@link HedgedCall} does.
 *
 * <p>Any number of calls, on any threads, share a group, and its requesters can be used on their own, too. A request
 * allocates nothing here. All methods but {@link #awaitAsk} and {@link #close()} are lock-free.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 * @since 0.1.0
 */
public final class RequesterGroup<Q, R> implements AutoCloseable {
    private static final long MIN_PARK_NANOS = 50_000;
    private static final long MAX_PARK_NANOS = 1_000_000;

    private final List<Requester<Q, R>> requesters;
    private final boolean isLeastInFlight;
    private final WaitingEngines engines;
    private final AtomicLong turns = new AtomicLong();

    private RequesterGroup(List<Requester<Q, R>> requesters, boolean isLeastInFlight) {
        this.requesters = List.copyOf(requesters);
        this.isLeastInFlight = isLeastInFlight;
        if (requesters.isEmpty()) {
            throw new IllegalArgumentException("a group needs at least one requester");
        }
        engines = new WaitingEngines(this.requesters);
    }

    /**
     * Returns a group that asks its responders in turn. As long as the same ones are connected and none is full or
     * back-pressured, each gets the same number of requests. A choice costs one read-modify-write.
     *
     * @param requesters the requesters, at least one, which are closed with the group
     * @param <Q> the type of the requests
     * @param <R> the type of the replies
     * @return the group
     * @throws IllegalArgumentException if there is no requester
     */
    @CheckReturnValue
    public static <Q, R> RequesterGroup<Q, R> roundRobin(List<Requester<Q, R>> requesters) {
        return new RequesterGroup<>(requesters, false);
    }

    /**
     * Returns a group that asks the responder with the least requests in flight, so a slow one gets fewer. If several
     * have the least, they take turns. What others have in flight at a responder does not count. A choice costs one
     * read-modify-write, and a load for each place of each requester's {@linkplain RequesterBuilder#capacity capacity}.
     *
     * @param requesters the requesters, at least one, which are closed with the group
     * @param <Q> the type of the requests
     * @param <R> the type of the replies
     * @return the group
     * @throws IllegalArgumentException if there is no requester
     */
    @CheckReturnValue
    public static <Q, R> RequesterGroup<Q, R> leastInFlight(List<Requester<Q, R>> requesters) {
        return new RequesterGroup<>(requesters, true);
    }

    /**
     * Returns whether a request would be sent, given space for it. Wait-free.
     *
     * @return true if a requester is connected
     */
    @CheckReturnValue
    public boolean isConnected() {
        return connected() > 0;
    }

    /**
     * Sends a request to one of the responders, as {@link Call#ask(Requester, Object)} does. Never blocks.
     *
     * @param call the call that gets the outcome
     * @param request the request
     * @return {@link SendResult#ACCEPTED}; {@link SendResult#NOT_CONNECTED} if no requester is connected; otherwise, of
     *     a connected one, why it did not send the request
     * @throws IllegalArgumentException if the request is larger than the channel can carry, or than the responder
     *     takes; nothing was sent
     * @throws IllegalStateException if a request of the call is in flight, its receiver is closed, or no requester can
     *     be used any more
     */
    @CheckReturnValue
    public SendResult ask(Call<R> call, Q request) {
        return send(call, request, null);
    }

    /**
     * Sends a request whose reply is of use for a while only to one of the responders, as {@link Call#ask(Requester,
     * Object, Duration)} does. Never blocks.
     *
     * @param call the call that gets the outcome
     * @param request the request
     * @param patience how long its reply is of use, from now on; more than 0
     * @return as {@link #ask(Call, Object)}, which this otherwise is
     * @throws IllegalArgumentException if the patience is 0 or negative, too; nothing was sent
     */
    @CheckReturnValue
    public SendResult ask(Call<R> call, Q request, Duration patience) {
        return send(call, request, patience);
    }

    /**
     * Waits until a requester has a connection and room for a request, and sends it, all within its patience. What is
     * left of the patience then is that of the request, as in {@link #ask(Call, Object, Duration)}. With
     * {@link Engine#invoked}, this calls {@link Engine#work()} meanwhile, of each such engine. Blocks.
     *
     * @param call the call that gets the outcome
     * @param request the request
     * @param patience how long to wait at most, for the reply included; 0 or negative to try once
     * @return {@link SendResult#ACCEPTED}; or why the request could not be sent in time, and nothing is in flight
     * @throws InterruptedException if the thread is interrupted while it waits; nothing is in flight
     * @throws IllegalStateException as {@link #ask(Call, Object)}; or if a handler or waker calls this, which would
     *     wait for itself
     */
    @CheckReturnValue
    public SendResult awaitAsk(Call<R> call, Q request, Duration patience) throws InterruptedException {
        engines.checkMayWait("wait for room");
        long nanos = Requester.nanos(patience);
        long start = System.nanoTime();
        long park = MIN_PARK_NANOS;
        Duration left = nanos > 0 ? patience : Duration.ofNanos(1);
        while (true) {
            SendResult result = send(call, request, left);
            if (result == SendResult.ACCEPTED) {
                return result;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long leftNanos = nanos - (System.nanoTime() - start);
            if (leftNanos <= 0) {
                return result;
            }
            engines.workOrPark(Math.min(park, leftNanos));
            park = Math.min(2 * park, MAX_PARK_NANOS);
            left = Duration.ofNanos(Math.max(nanos - (System.nanoTime() - start), 1));
        }
    }

    private SendResult send(Call<R> call, Q request, @Nullable Duration patience) {
        int first = choose();
        SendResult result = null;
        for (int i = 0; i < requesters.size() && result != SendResult.ACCEPTED; i++) {
            Requester<Q, R> requester = requesters.get((first + i) % requesters.size());
            SendResult its = requester.isConnected() ? sendIfUsable(call, requester, request, patience) : null;
            result = result == null || its == SendResult.ACCEPTED ? its : result;
        }
        return result == null ? sendToNobody(call, request, patience) : result;
    }

    private static <Q, R> SendResult send(
            Call<R> call, Requester<Q, R> requester, Q request, @Nullable Duration patience) {
        return patience == null ? call.ask(requester, request) : call.ask(requester, request, patience);
    }

    /** Returns null if the requester was lost or closed meanwhile. */
    private static <Q, R> @Nullable SendResult sendIfUsable(
            Call<R> call, Requester<Q, R> requester, Q request, @Nullable Duration patience) {
        try {
            SendResult result = send(call, requester, request, patience);
            return result == SendResult.NOT_CONNECTED ? null : result;
        } catch (IllegalStateException refused) {
            if (requester.isConnected()) {
                throw refused;
            }
            return null;
        }
    }

    /** Asks without a connection, so that the call ends its last round, and refuses what it would refuse. */
    private SendResult sendToNobody(Call<R> call, Q request, @Nullable Duration patience) {
        IllegalStateException unusable = null;
        for (Requester<Q, R> each : requesters) {
            try {
                return send(call, each, request, patience);
            } catch (IllegalStateException closed) {
                unusable = closed;
            }
        }
        throw Objects.requireNonNull(unusable);
    }

    /** Returns the index of the requester that is asked first. */
    private int choose() {
        int connected = connected();
        if (connected == 0) {
            return 0;
        }
        int turn = nth((int) (turns.getAndIncrement() % connected));
        return isLeastInFlight ? leastInFlight(turn) : turn;
    }

    private int connected() {
        int connected = 0;
        for (int i = 0; i < requesters.size(); i++) {
            connected += requesters.get(i).isConnected() ? 1 : 0;
        }
        return connected;
    }

    /** Returns the index of a connected requester; any index if it is lost meanwhile. */
    private int nth(int connected) {
        int left = connected;
        for (int i = 0; i < requesters.size(); i++) {
            if (requesters.get(i).isConnected() && left-- == 0) {
                return i;
            }
        }
        return 0;
    }

    /** Returns the index of the first requester from here on that has the least in flight of all connected ones. */
    private int leastInFlight(int from) {
        int chosen = from;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < requesters.size() && least > 0; i++) {
            int index = (from + i) % requesters.size();
            Requester<Q, R> requester = requesters.get(index);
            int inFlight = requester.isConnected() ? requester.inFlight() : Integer.MAX_VALUE;
            if (inFlight < least) {
                chosen = index;
                least = inFlight;
            }
        }
        return chosen;
    }

    /** Closes the requesters. Idempotent. */
    @Override
    public void close() {
        requesters.forEach(Requester::close);
    }
}
