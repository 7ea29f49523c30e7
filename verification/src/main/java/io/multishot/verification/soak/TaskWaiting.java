package io.multishot.verification.soak;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Task;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Lets a task wait, on an executor that may reject; meanwhile the receiver belongs to the task. */
final class TaskWaiting implements Waiting {
    private final Ledger ledger;
    private final Executor executor;
    private final Task task = new Task(this::execute, this::step);
    private final AtomicBoolean stepping = new AtomicBoolean();

    /** What the task is to do now. Late wakes may run the step when there is nothing. */
    private final AtomicReference<@Nullable Errand> errand = new AtomicReference<>();

    TaskWaiting(Ledger ledger, Executor executor) {
        this.ledger = ledger;
        this.executor = executor;
    }

    @Override
    public Verdict await(Receiver<Parcel> receiver, Round round) {
        Errand mine = new Errand(receiver, Thread.currentThread(), round.plan().fault());
        errand.set(mine);
        wake();
        while (true) {
            Verdict verdict = mine.verdict;
            if (verdict != null) {
                return verdict;
            }
            LockSupport.park(this);
            if (Thread.interrupted()) {
                ledger.interrupted();
            }
            if (mine.rejected.compareAndSet(true, false)) {
                wake();
            }
        }
    }

    @Override
    public @Nullable Verdict attempt(Receiver<Parcel> receiver, Round round) {
        return receiver.poll(task) == Poll.PENDING ? null : Verdict.take(receiver);
    }

    /** What the executor or the step throws at this thread is as good as what it throws at a sender's. */
    private void wake() {
        try {
            task.wake();
        } catch (InjectedFault fault) {
            ledger.faultReported(fault);
        }
    }

    private void execute(Runnable run) {
        Errand now = errand.get();
        if (now != null && now.rejects.compareAndSet(true, false)) {
            now.rejected.set(true);
            LockSupport.unpark(now.owner);
            ledger.injectRejection();
        }
        executor.execute(run);
        if (now != null && now.fault == Fault.SURPLUS_RUN) {
            executor.execute(run);
        }
    }

    private void step() {
        if (stepping.getAndSet(true)) {
            ledger.discrepancy("a task's step overlaps itself");
        }
        Errand now = errand.get();
        Verdict verdict = null;
        if (now != null && now.receiver.poll(task) != Poll.PENDING) {
            verdict = Verdict.take(now.receiver);
        }
        stepping.set(false);
        if (now != null && verdict != null) {
            errand.set(null);
            now.verdict = verdict; // from here on the receiver is its owner's again
            LockSupport.unpark(now.owner);
            if (now.fault == Fault.THROW) {
                ledger.injectFault("step");
            }
        }
    }

    /** A round that the task is to see through. */
    private static final class Errand {
        private final Receiver<Parcel> receiver;
        private final Thread owner;
        private final Fault fault;
        private final AtomicBoolean rejects;
        private final AtomicBoolean rejected = new AtomicBoolean();
        private volatile @Nullable Verdict verdict;

        Errand(Receiver<Parcel> receiver, Thread owner, Fault fault) {
            this.receiver = receiver;
            this.owner = owner;
            this.fault = fault;
            this.rejects = new AtomicBoolean(fault == Fault.REJECT);
        }
    }
}
