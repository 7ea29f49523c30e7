package io.multishot.verification.soak;

import io.multishot.Receiver;
import io.multishot.SenderDroppedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits through a future, which others may cancel or complete. */
final class FutureWaiting implements Waiting {
    private static final int NANOS_PER_DIE = 400;

    private final Ledger ledger;
    private final Meddler meddler;

    FutureWaiting(Ledger ledger, Meddler meddler) {
        this.ledger = ledger;
        this.meddler = meddler;
    }

    @Override
    public Verdict await(Receiver<Parcel> receiver, Round round) {
        Plan plan = round.plan();
        Notice notice = new Notice(Thread.currentThread());
        CompletableFuture<Parcel> future = receiver.receiveAsync();
        CompletableFuture<Parcel> unused = future.whenComplete(notice::complete);
        if (plan.fault() == Fault.MEDDLE_BY_SENDER) {
            meddler.offer(future);
        } else if (plan.fault() == Fault.MEDDLE_BY_RECEIVER) {
            LockSupport.parkNanos((long) plan.dice(1) * NANOS_PER_DIE);
            meddler.meddle(future, plan.dice(2));
        }
        notice.await(ledger);
        Verdict verdict = notice.verdict(future);
        if (verdict != null) {
            return verdict;
        }
        // Others completed the future, so the outcome stays in the channel.
        return Verdict.ofCalm(receiver::receiveUninterruptibly);
    }

    @Override
    public @Nullable Verdict attempt(Receiver<Parcel> receiver, Round round) {
        return null;
    }

    /** Leaves the round while a future owns the receiver. */
    Verdict leave(Receiver<Parcel> receiver, Round round) {
        CompletableFuture<Parcel> future = receiver.receiveAsync();
        Notice notice = new Notice(Thread.currentThread());
        CompletableFuture<Parcel> unused = future.whenComplete(notice::complete);
        round.plan().pace().pass(round.plan().noise());
        boolean close = round.plan().ending() == Ending.CLOSE;
        boolean detached = false;
        if (close) {
            receiver.close();
        } else {
            detached = receiver.abandon();
        }
        notice.await(ledger);
        Verdict received = notice.verdict(future);
        if (received == null) {
            return close ? Verdict.CLOSED : Verdict.abandoned(detached);
        }
        if (detached) {
            round.complain("the future was completed, and its sender detached");
        }
        return received;
    }

    /** What the future was completed with, told to the thread that waits. */
    private static final class Notice {
        private final Thread sleeper;
        private @Nullable Parcel value;
        private @Nullable Throwable cause;
        private volatile boolean done;

        Notice(Thread sleeper) {
            this.sleeper = sleeper;
        }

        void complete(@Nullable Parcel value, @Nullable Throwable cause) {
            this.value = value;
            this.cause = cause;
            done = true;
            LockSupport.unpark(sleeper);
        }

        void await(Ledger ledger) {
            while (!done) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    ledger.interrupted();
                }
            }
        }

        /** Null if it was not the sender who completed the future. */
        @Nullable Verdict verdict(CompletableFuture<Parcel> future) {
            if (future.isCancelled() || value == Meddler.FOREIGN) {
                return null;
            }
            if (value != null) {
                return Verdict.received(value);
            }
            return cause instanceof SenderDroppedException ? Verdict.DROPPED : Verdict.failed(cause);
        }
    }
}
