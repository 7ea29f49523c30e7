package io.multishot.aeron;

import com.google.errorprone.annotations.CheckReturnValue;
import io.multishot.Poll;
import io.multishot.RequestTimeoutException;
import io.multishot.SenderDroppedException;
import io.multishot.Waker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request to one responder, and to the next one if there is no reply within a delay. The first value wins, and
 * the other requests are given up, which tells their responders. A request may so be carried out more than once: hedge
 * only what is safe to repeat.
 *
 * <p>The next responder is asked at once if a request fails, is dropped, or cannot be sent. Each is asked at most once
 * for a request.
 *
 * <p>A hedged call belongs to one task at a time, which keeps it for all its requests; the requesters are shared. A
 * request allocates nothing if the first responder replies in time. The next request can follow at once, however the
 * last one has ended.
 *
 * @param <Q> the type of the requests
 * @param <R> the type of the replies
 * @since 0.1.0
 */
public final class HedgedCall<Q, R> implements AutoCloseable {
    private final List<Attempt<Q, R>> attempts = new ArrayList<>();

    /** The attempts of this request that have failed, in this order. */
    private final List<Attempt<Q, R>> failed = new ArrayList<>();

    private final WaitingEngines engines;
    private final long delayNanos;
    private final Waker waker = this::unpark;

    /** How many responders were asked for this request. */
    private int asked;

    private boolean closed;

    /** Stored before the waker is registered, so the thread that calls the waker unparks this one, or a later one. */
    private volatile @Nullable Thread waiting;

    /**
     * Creates a hedged call.
     *
     * @param requesters of the responders, in the order in which they are asked; at least one. They are not closed with
     *     this call
     * @param delay how long a responder has for its reply until the next one is asked too; 0 or negative to ask all at
     *     once
     * @throws IllegalArgumentException if there is no requester
     */
    public HedgedCall(List<Requester<Q, R>> requesters, Duration delay) {
        List<Requester<Q, R>> copy = List.copyOf(requesters);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("a hedged call needs at least one requester");
        }
        copy.forEach(each -> attempts.add(new Attempt<>(each)));
        engines = new WaitingEngines(copy);
        delayNanos = Requester.nanos(delay);
    }

    /**
     * Sends a request, and waits for the first value. With {@link Engine#invoked}, this calls {@link Engine#work()}
     * meanwhile, of each such engine. However this ends, nothing is in flight then. Blocks.
     *
     * @param request the request
     * @param patience how long to wait at most; more than 0. What is left of it goes with each request, as in
     *     {@link Call#ask(Requester, Object, Duration)}
     * @return the first value
     * @throws TimeoutException if there was no value in time; failures up to then are suppressed. Whether a responder
     *     has carried the request out, or will, is unknown
     * @throws HedgeFailedException if each responder has failed, refused or dropped the request, or it could not be
     *     sent there
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IllegalArgumentException if the patience is 0 or negative; nothing was sent
     * @throws IllegalStateException if this call is closed; or if a handler or waker calls this, which would wait for
     *     itself
     */
    @CheckReturnValue
    public R askAndReceive(Q request, Duration patience) throws InterruptedException, TimeoutException {
        Objects.requireNonNull(request, "request");
        long nanos = Requester.nanos(patience);
        if (nanos == 0) {
            throw new IllegalArgumentException("the patience must be more than 0, was " + patience);
        }
        if (closed) {
            throw new IllegalStateException("this hedged call is closed: make a new one");
        }
        engines.checkMayWait("wait for a reply");
        waiting = Thread.currentThread();
        try {
            return firstValue(request, patience, nanos);
        } finally {
            waiting = null;
            reset();
        }
    }

    private R firstValue(Q request, Duration patience, long nanos) throws InterruptedException, TimeoutException {
        long start = System.nanoTime();
        long now = start;
        long nextAt = start;
        while (true) {
            long left = nanos - (now - start);
            while (left > 0 && asked < attempts.size() && now - nextAt >= 0) {
                Duration itsPatience = left == nanos ? patience : Duration.ofNanos(left);
                if (send(attempts.get(asked++), request, itsPatience)) {
                    nextAt = now + delayNanos;
                }
            }
            int failedBefore = failed.size();
            Attempt<Q, R> winner = poll();
            if (winner != null) {
                return winner.call.receiver().take();
            }
            if (failed.size() == attempts.size()) {
                throw allFailed();
            }
            if (failed.size() > failedBefore) {
                nextAt = now;
            } else if (left <= 0) {
                throw timeout(patience);
            } else if (Thread.interrupted()) {
                throw new InterruptedException();
            } else {
                engines.workOrPark(asked < attempts.size() ? Math.min(left, nextAt - now) : left);
            }
            now = System.nanoTime();
        }
    }

    /** Returns false if the request cannot be sent. */
    private boolean send(Attempt<Q, R> attempt, Q request, Duration patience) {
        try {
            attempt.result = attempt.call.ask(attempt.requester, request, patience);
            attempt.isInFlight = attempt.result == SendResult.ACCEPTED;
        } catch (RuntimeException refused) {
            attempt.failure = refused;
        }
        if (!attempt.isInFlight) {
            failed.add(attempt);
        }
        return attempt.isInFlight;
    }

    /** Registers the waker with each attempt in flight, and returns one that has a value; null if none has. */
    private @Nullable Attempt<Q, R> poll() {
        for (int i = 0; i < asked; i++) {
            Attempt<Q, R> attempt = attempts.get(i);
            if (attempt.isInFlight) {
                Poll outcome = attempt.call.receiver().poll(waker);
                attempt.isInFlight = outcome == Poll.PENDING;
                if (outcome == Poll.READY) {
                    return attempt;
                }
                if (outcome == Poll.FAILED) {
                    attempt.failure = attempt.call.receiver().takeFailure();
                }
                // If its patience is at an end, so is that of this call, which is not longer.
                if (!attempt.isInFlight && !(attempt.failure instanceof RequestTimeoutException)) {
                    failed.add(attempt);
                }
            }
        }
        return null;
    }

    private HedgeFailedException allFailed() {
        HedgeFailedException all =
                new HedgeFailedException(failed.remove(failed.size() - 1).failure());
        failed.forEach(each -> all.addSuppressed(each.failure()));
        return all;
    }

    private TimeoutException timeout(Duration patience) {
        TimeoutException late = new TimeoutException("no value within " + patience + "; " + asked + " of "
                + attempts.size() + " responders were asked, and " + failed.size() + " have failed");
        failed.forEach(each -> late.addSuppressed(each.failure()));
        return late;
    }

    private void unpark() {
        LockSupport.unpark(waiting);
    }

    private void reset() {
        for (int i = 0; i < asked; i++) {
            attempts.get(i).reset();
        }
        failed.clear();
        asked = 0;
    }

    /** Closes this call, not the requesters. Idempotent. */
    @Override
    public void close() {
        closed = true;
        attempts.forEach(each -> each.call.close());
    }

    /** What became of a request at one responder. */
    private static final class Attempt<Q, R> {
        final Requester<Q, R> requester;
        final Call<R> call = new Call<>();
        boolean isInFlight;
        SendResult result = SendResult.ACCEPTED;

        /** Null if nothing was thrown here or there. */
        @Nullable Throwable failure;

        Attempt(Requester<Q, R> requester) {
            this.requester = requester;
        }

        /** Returns why there is no value, if that is certain. */
        Throwable failure() {
            if (failure != null) {
                return failure;
            }
            if (result != SendResult.ACCEPTED) {
                return new RequestNotSentException(requester, result);
            }
            try {
                throw new AssertionError(call.receiver().take());
            } catch (SenderDroppedException dropped) {
                return dropped;
            }
        }

        void reset() {
            if (isInFlight && !call.giveUp()) {
                call.receiver().abandon(); // the outcome has arrived, or is about to
            }
            isInFlight = false;
            result = SendResult.ACCEPTED;
            failure = null;
        }
    }
}
