package io.multishot.verification.soak;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Task;
import io.multishot.verification.soak.Round.ReceiverResult;
import io.multishot.verification.soak.RoundPlan.Fault;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Lets a task wait, on an executor that may reject. Meanwhile the receiver belongs to the task. */
final class TaskReceive implements SoakChannel.ReceiveStrategy {
    private final Ledger ledger;
    private final Executor executor;
    private final Task task = new Task(this::execute, this::step);
    private final AtomicBoolean stepping = new AtomicBoolean();

    /** The round that the task receives now. A late wake may run the step when there is none. */
    private final AtomicReference<@Nullable TaskRound> current = new AtomicReference<>();

    TaskReceive(Ledger ledger, Executor executor) {
        this.ledger = ledger;
        this.executor = executor;
    }

    @Override
    public ReceiverResult await(Receiver<TrackedValue> receiver, Round round) {
        TaskRound mine =
                new TaskRound(receiver, Thread.currentThread(), round.plan().fault());
        current.set(mine);
        wake();
        while (true) {
            ReceiverResult result = mine.result;
            if (result != null) {
                return result;
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
    public @Nullable ReceiverResult attempt(Receiver<TrackedValue> receiver, Round round) {
        return receiver.poll(task) == Poll.PENDING ? null : ReceiverResult.take(receiver);
    }

    /** Wakes the task. What the executor or the step throws on this thread surfaces as well as on a sender's. */
    private void wake() {
        try {
            task.wake();
        } catch (Ledger.InjectedFault fault) {
            ledger.faultSurfaced(fault);
        }
    }

    private void execute(Runnable run) {
        TaskRound now = current.get();
        if (now != null && now.rejects.compareAndSet(true, false)) {
            now.rejected.set(true);
            LockSupport.unpark(now.owner);
            ledger.rejectTask();
        }
        executor.execute(run);
        if (now != null && now.fault == Fault.EXECUTOR_RUNS_TWICE) {
            executor.execute(run);
        }
    }

    private void step() {
        if (stepping.getAndSet(true)) {
            ledger.discrepancy("a task's step overlaps itself");
        }
        TaskRound now = current.get();
        ReceiverResult result = null;
        if (now != null && now.receiver.poll(task) != Poll.PENDING) {
            result = ReceiverResult.take(now.receiver);
        }
        stepping.set(false);
        if (now != null && result != null) {
            current.set(null);
            now.result = result; // from here on the receiver belongs to its owner again
            LockSupport.unpark(now.owner);
            if (now.fault == Fault.CALLBACK_THROWS) {
                ledger.throwFault("step");
            }
        }
    }

    /** A round that the task is to receive. */
    private static final class TaskRound {
        private final Receiver<TrackedValue> receiver;
        private final Thread owner;
        private final Fault fault;
        private final AtomicBoolean rejects;
        private final AtomicBoolean rejected = new AtomicBoolean();
        private volatile @Nullable ReceiverResult result;

        TaskRound(Receiver<TrackedValue> receiver, Thread owner, Fault fault) {
            this.receiver = receiver;
            this.owner = owner;
            this.fault = fault;
            this.rejects = new AtomicBoolean(fault == Fault.EXECUTOR_REJECTS);
        }
    }
}
