package io.multishot.verification.soak;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Waker;
import io.multishot.verification.soak.Round.ReceiverResult;
import io.multishot.verification.soak.RoundPlan.Fault;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Polls with a waker that serves many rounds, with one for this round only, or with one that replaces another. */
final class PollingReceive implements SoakChannel.ReceiveStrategy {
    private final Ledger ledger;
    private @Nullable ParkingWaker lasting;

    PollingReceive(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public ReceiverResult await(Receiver<TrackedValue> receiver, Round round) {
        awaitOutcome(receiver, round);
        return ReceiverResult.take(receiver);
    }

    @Override
    public @Nullable ReceiverResult attempt(Receiver<TrackedValue> receiver, Round round) {
        Poll polled = receiver.poll(lasting());
        return polled == Poll.PENDING ? null : ReceiverResult.take(receiver);
    }

    /** Waits until there is an outcome, and leaves it in the slot. */
    void awaitOutcome(Receiver<TrackedValue> receiver, Round round) {
        RoundPlan plan = round.plan();
        boolean faulty = plan.fault() == Fault.CALLBACK_THROWS;
        ParkingWaker first = null;
        if ((plan.randomByte(0) & 1) == 0) {
            first = new ParkingWaker(ledger, Thread.currentThread());
            if (receiver.poll(first) != Poll.PENDING) {
                return;
            }
        }
        if ((plan.randomByte(0) & 2) == 0) {
            awaitLasting(receiver, first, faulty);
        } else {
            awaitFresh(receiver, round, first, faulty);
        }
        if (first != null && first.calls() > 1) {
            round.complain("a waker was called twice for one registration");
        }
    }

    /** Waits with the waker that serves many rounds. A late call from an earlier round may wake it too early. */
    private void awaitLasting(Receiver<TrackedValue> receiver, @Nullable ParkingWaker first, boolean faulty) {
        ParkingWaker waker = lasting();
        waker.reset(faulty);
        while (receiver.poll(waker) == Poll.PENDING) {
            markReplaced(first);
            waker.park();
            waker.reset(faulty);
        }
    }

    /** Waits with a waker that knows no other round. When it is called, the outcome must be visible. */
    private void awaitFresh(
            Receiver<TrackedValue> receiver, Round round, @Nullable ParkingWaker first, boolean faulty) {
        ParkingWaker waker = new ParkingWaker(ledger, Thread.currentThread());
        waker.reset(faulty);
        if (receiver.poll(waker) == Poll.PENDING) {
            markReplaced(first);
            waker.park();
            if (receiver.poll(waker) == Poll.PENDING) {
                round.complain("a waker was called before the outcome was visible");
                waker.reset(false);
                waker.park();
            }
        }
        if (waker.calls() > 1) {
            round.complain("a waker was called twice for one registration");
        }
    }

    private static void markReplaced(@Nullable ParkingWaker first) {
        if (first != null) {
            first.markReplaced();
        }
    }

    /** Makes the lasting waker on first use, because another thread than the one that waits makes this object. */
    private ParkingWaker lasting() {
        ParkingWaker waker = lasting;
        if (waker == null) {
            waker = new ParkingWaker(ledger, Thread.currentThread());
            lasting = waker;
        }
        return waker;
    }

    /** A waker whose thread parks until it is called. */
    static final class ParkingWaker implements Waker {
        private final Ledger ledger;
        private final Thread owner;
        private final AtomicInteger calls = new AtomicInteger();
        private volatile boolean called;
        private volatile boolean replaced;
        private volatile boolean faulty;

        ParkingWaker(Ledger ledger, Thread owner) {
            this.ledger = ledger;
            this.owner = owner;
        }

        @Override
        public void wake() {
            calls.incrementAndGet();
            if (replaced) {
                ledger.discrepancy("a waker was called after another one had replaced it");
            }
            called = true;
            LockSupport.unpark(owner);
            if (faulty) {
                ledger.throwFault("waker");
            }
        }

        /** Prepares the next poll. Must come before it, so that no call after the poll is missed. */
        void reset(boolean faulty) {
            this.faulty = faulty;
            called = false;
        }

        void park() {
            while (!called) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    ledger.interrupted();
                }
            }
        }

        /** Makes each later call a discrepancy, because another waker has replaced this one. */
        void markReplaced() {
            replaced = true;
        }

        int calls() {
            return calls.get();
        }
    }
}
