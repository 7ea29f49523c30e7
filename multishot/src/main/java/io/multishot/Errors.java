package io.multishot;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes the exceptions. Each message says what happened, why, and what to do. */
final class Errors {
    private static final String CONSUMED =
            "sender already consumed: it is good for one send, fail or drop; ask the receiver for the next one";

    private Errors() {}

    // ------------------------------------------------------------------ senders

    static IllegalStateException alreadyConsumed() {
        return new IllegalStateException(
                CONSUMED + " (enable assertions, -ea, or set -Dio.multishot.checks=full to see where it was consumed)");
    }

    static IllegalStateException alreadyConsumed(UseRecord consumed, UseRecord made) {
        return new IllegalStateException(CONSUMED + " [" + consumed.where() + "; " + made.where() + "]", consumed);
    }

    /** Suppresses the second throwable in the first, if there is memory for that. */
    static void suppress(Throwable thrown, Throwable suppressed) {
        try {
            thrown.addSuppressed(suppressed);
        } catch (OutOfMemoryError noMemory) {
            // The first throwable counts.
        }
    }

    static IllegalStateException consumedMeanwhile() {
        return new IllegalStateException(
                "sender already consumed, by another thread at this moment or in a round that is over: one of two "
                        + "outcomes is lost (a receiver that is not recycling rules that out)");
    }

    // ------------------------------------------------------------------ receivers

    static IllegalStateException live(@Nullable UseRecord made) {
        return new IllegalStateException(
                "a sender is live: await its outcome, or give its round up with abandon()"
                        + (made == null ? "" : " [" + made.where() + "]"),
                made);
    }

    static IllegalStateException pending() {
        return new IllegalStateException(
                "the outcome is pending, the sender has not been used: poll again, or receive()");
    }

    static IllegalStateException notFailed() {
        return new IllegalStateException(
                "the round has not failed, or its outcome was taken already: ask for the cause after poll() has "
                        + "returned FAILED");
    }

    static IllegalStateException owned() {
        return new IllegalStateException(
                "this receiver belongs to the future of receiveAsync() until that is done: await "
                        + "or cancel the future, or give the round up with abandon()");
    }

    static IllegalStateException closed() {
        return new IllegalStateException("this receiver is closed: make a new one");
    }

    static IllegalStateException overlap(Thread inside) {
        return new IllegalStateException("this receiver is in use by thread \"" + inside.getName()
                + "\" at this moment: a receiver belongs to one task at a time; hand it over between calls");
    }

    static IllegalStateException waiterReplaced() {
        return new IllegalStateException(
                "another thread used this receiver while this one waited in it: a receiver belongs "
                        + "to one task at a time; hand it over between calls");
    }

    static SenderDroppedException dropped() {
        return new SenderDroppedException("no value will come: the sender was dropped");
    }

    static SenderDroppedException noRound() {
        return new SenderDroppedException("no value will come: no round is in progress; begin one with sender()");
    }

    static InterruptedException interrupted() {
        return new InterruptedException(
                "interrupted before there was an outcome; the sender is still live: wait again, or abandon() "
                        + "the round");
    }

    static TimeoutException timeout(Duration timeout) {
        return new TimeoutException("no outcome within " + timeout
                + "; the sender is still live: wait again, or give the round up with abandon()");
    }

    // ------------------------------------------------------------------ reply tables and queues

    static IllegalStateException inFlight() {
        return new IllegalStateException(
                "this sender is in a reply table already, or in a reply queue: a request has one ticket or place; "
                        + "claim or drop that one, or ask the receiver for the next sender");
    }

    static IllegalStateException detached() {
        return new IllegalStateException(
                "this sender is detached: its receiver gave the round up or is closed, so nobody would get the reply; "
                        + "ask the receiver for the next sender");
    }

    /** With the cause that close was given, if any. */
    static IllegalStateException tableClosed(@Nullable Throwable cause) {
        return new IllegalStateException("this reply table is closed: make a new one", cause);
    }

    static IllegalStateException tableClosedInFlight() {
        return new IllegalStateException("the reply table was closed while the request was in flight");
    }

    /** With the cause that close was given, if any. */
    static IllegalStateException queueClosed(@Nullable Throwable cause) {
        return new IllegalStateException("this reply queue is closed: make a new one", cause);
    }

    static IllegalStateException queueClosedInFlight() {
        return new IllegalStateException("the reply queue was closed while the request was in flight");
    }

    static RequestTimeoutException requestTimeout() {
        return new RequestTimeoutException(
                "no reply before the deadline of the request; a reply that still comes is refused");
    }

    static IllegalStateException ticketsAreChosen() {
        return new IllegalStateException("this reply table leaves the choice of tickets to you: use openAs");
    }

    static IllegalStateException ticketsAreGiven() {
        return new IllegalStateException(
                "this reply table chooses the tickets itself: use open, or make the table by ofChosenIds");
    }

    // ------------------------------------------------------------------ many receivers

    static IllegalArgumentException noReceivers() {
        return new IllegalArgumentException("no receivers: there is nothing to wait for");
    }

    static IllegalStateException noRounds() {
        return new IllegalStateException(
                "no value will come: no round is in progress on any of these receivers; begin one with sender()");
    }

    static TimeoutException someLate(Duration timeout) {
        return new TimeoutException("not all outcomes within " + timeout
                + "; some senders are still live: wait again, or give their rounds up with abandon()");
    }

    /**
     * Throws this throwable as it is, checked or not. The declared result lets the caller write {@code throw
     * asItIs(…)}.
     */
    @SuppressWarnings("unchecked")
    static <X extends Throwable> RuntimeException asItIs(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
