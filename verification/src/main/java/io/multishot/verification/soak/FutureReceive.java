package io.multishot.verification.soak;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import io.multishot.verification.soak.Round.ReceiverResult;
import io.multishot.verification.soak.RoundPlan.Ending;
import io.multishot.verification.soak.RoundPlan.Fault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits through a future, which either thread may cancel or complete from outside the channel. */
final class FutureReceive implements SoakChannel.ReceiveStrategy {
    private static final int NANOS_PER_UNIT = 400;

    /** The value of a completion from outside. No channel carries it. */
    private static final TrackedValue FOREIGN = new TrackedValue(-1, -1);

    private final Ledger ledger;
    private final AtomicReference<@Nullable CompletableFuture<TrackedValue>> exposed = new AtomicReference<>();

    FutureReceive(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public ReceiverResult await(Receiver<TrackedValue> receiver, Round round) {
        RoundPlan plan = round.plan();
        Completion completion = new Completion(Thread.currentThread());
        CompletableFuture<TrackedValue> future = receiver.receiveAsync();
        CompletableFuture<TrackedValue> unused = future.whenComplete(completion::complete);
        if (plan.fault() == Fault.FUTURE_COMPLETED_BY_SENDER) {
            exposed.set(future);
        } else if (plan.fault() == Fault.FUTURE_COMPLETED_BY_RECEIVER) {
            LockSupport.parkNanos((long) plan.randomByte(1) * NANOS_PER_UNIT);
            completeFromOutside(future, plan.randomByte(2));
        }
        completion.await(ledger);
        ReceiverResult result = completion.result(future);
        if (result != null) {
            return result;
        }
        // The future was completed from outside, so the outcome stays in the channel.
        return ReceiverResult.ofUninterrupted(receiver::receiveUninterruptibly);
    }

    @Override
    public @Nullable ReceiverResult attempt(Receiver<TrackedValue> receiver, Round round) {
        return null;
    }

    /** Abandons the round, or closes the receiver, while it belongs to a future. */
    ReceiverResult leave(Receiver<TrackedValue> receiver, Round round) {
        CompletableFuture<TrackedValue> future = receiver.receiveAsync();
        Completion completion = new Completion(Thread.currentThread());
        CompletableFuture<TrackedValue> unused = future.whenComplete(completion::complete);
        round.plan().delay().await(round.plan().randomBits());
        boolean close = round.plan().ending() == Ending.CLOSE;
        boolean detached = false;
        if (close) {
            receiver.close();
        } else {
            detached = receiver.abandon();
        }
        completion.await(ledger);
        ReceiverResult received = completion.result(future);
        if (received == null) {
            return close ? ReceiverResult.CLOSED : ReceiverResult.abandoned(detached);
        }
        if (detached) {
            round.complain("the future was completed, and its sender detached");
        }
        return received;
    }

    /** Cancels or completes the future that was exposed last, if there is one. Called by the sender's thread. */
    void completeExposed(int randomByte) {
        CompletableFuture<TrackedValue> future = exposed.getAndSet(null);
        if (future != null) {
            completeFromOutside(future, randomByte);
        }
    }

    private void completeFromOutside(CompletableFuture<TrackedValue> future, int randomByte) {
        boolean won = (randomByte & 1) == 0 ? future.cancel(false) : future.complete(FOREIGN);
        if (won) {
            ledger.futureCompletedFromOutside();
        }
    }

    /** What the future was completed with, for the thread that waits. */
    private static final class Completion {
        private final Thread owner;
        private @Nullable TrackedValue value;
        private @Nullable Throwable cause;
        private volatile boolean done;

        Completion(Thread owner) {
            this.owner = owner;
        }

        void complete(@Nullable TrackedValue value, @Nullable Throwable cause) {
            this.value = value;
            this.cause = cause;
            done = true;
            LockSupport.unpark(owner);
        }

        void await(Ledger ledger) {
            while (!done) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    ledger.interrupted();
                }
            }
        }

        /** Returns the result; null if it was not the sender that completed the future. */
        @Nullable ReceiverResult result(CompletableFuture<TrackedValue> future) {
            if (future.isCancelled() || value == FOREIGN) {
                return null;
            }
            if (value != null) {
                return ReceiverResult.received(value);
            }
            return cause instanceof SenderDroppedException ? ReceiverResult.DROPPED : ReceiverResult.failed(cause);
        }
    }
}
