package io.multishot.verification.soak;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.verification.soak.Round.ReceiverResult;
import io.multishot.verification.soak.RoundPlan.Delay;
import io.multishot.verification.soak.RoundPlan.Ending;
import io.multishot.verification.soak.RoundPlan.ReceiveMode;
import io.multishot.verification.soak.SenderThread.Job;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A channel and the program of the thread that owns its receiver: one planned round after the other. */
final class SoakChannel implements Runnable {
    private final int number;
    private final boolean safe;
    private final boolean detectsStaleUses;
    private final Shared shared;
    private final Ledger ledger;
    private final RoundPlan.Generator plans;
    private final SenderThread sameThread;
    private final BlockingReceive blocking;
    private final PollingReceive polling;
    private final FutureReceive futures;
    private final TaskReceive tasks;

    /** Volatile for the hang detector. Only this channel's thread writes this and the following fields. */
    private volatile Receiver<TrackedValue> receiver;

    private volatile @Nullable Round round;
    private volatile @Nullable Thread thread;
    private volatile boolean done;

    /** A round whose outcome the next call of sender() is to discard unseen. */
    private @Nullable Round leftUnseen;

    SoakChannel(int number, boolean safe, Shared shared) {
        this.number = number;
        this.safe = safe;
        this.shared = shared;
        this.ledger = shared.ledger();
        // with assertions all receivers are safe
        this.detectsStaleUses = safe || shared.checked();
        this.plans = new RoundPlan.Generator(shared.seed(), number, detectsStaleUses, shared.checked());
        this.sameThread = new SenderThread(ledger, shared.jobs(), shared.stop());
        this.blocking = new BlockingReceive(ledger);
        this.polling = new PollingReceive(ledger);
        this.futures = new FutureReceive(ledger);
        this.tasks = new TaskReceive(ledger, number % 3 == 0 ? Runnable::run : shared.executor());
        this.receiver = newReceiver();
    }

    private Receiver<TrackedValue> newReceiver() {
        return safe ? new Receiver<>() : Receiver.recycling();
    }

    @Override
    public void run() {
        Thread current = Thread.currentThread();
        current.setUncaughtExceptionHandler(ledger.handler());
        thread = current;
        try {
            for (long i = 0; !shared.stop().getAsBoolean(); i++) {
                play(i);
            }
            finish();
        } catch (Throwable thrown) {
            ledger.discrepancy(this + ": " + Ledger.describe(thrown));
        } finally {
            done = true;
        }
    }

    private void play(long index) {
        if (Thread.interrupted()) { // the late interrupt of an earlier round's sender
            ledger.interrupted();
        }
        RoundPlan plan = plans.next();
        Round next = ledger.begin(number, index, plan);
        round = next;
        handOut(next);
        switch (plan.ending()) {
            case TAKE -> {
                next.reportEnd(take(next));
                checkThatNothingIsLeft(next);
            }
            case LEAVE_SEEN -> {
                polling.awaitOutcome(receiver, next);
                next.reportEnd(ReceiverResult.DISCARDED);
            }
            case LEAVE_UNSEEN -> leftUnseen = next;
            case ABANDON, CLOSE -> next.reportEnd(leave(next));
        }
        if (receiver.isClosed()) {
            reopen(next);
        }
    }

    /**
     * Begins the round and hands out its sender. A method of its own, so that no frame keeps a lost sender reachable.
     */
    private void handOut(Round next) {
        Sender<TrackedValue> sender = nextSender();
        RoundPlan plan = next.plan();
        int uses = plan.uses().size();
        if (plan.delay() == Delay.SAME_THREAD) {
            sameThread.perform(job(sender, next, 0, uses, new AtomicInteger(1)));
        } else if (plan.concurrent()) {
            AtomicInteger notStarted = new AtomicInteger(uses);
            for (int i = 0; i < uses; i++) {
                shared.jobs().add(job(sender, next, i, i + 1, notStarted));
            }
        } else if (uses > 0) {
            shared.jobs().add(job(sender, next, 0, uses, new AtomicInteger(1)));
        }
    }

    private Job job(Sender<TrackedValue> sender, Round next, int from, int to, AtomicInteger notStarted) {
        return new Job(sender, next, from, to, notStarted, detectsStaleUses, Thread.currentThread(), futures);
    }

    private Sender<TrackedValue> nextSender() {
        Round discarded = leftUnseen;
        if (discarded == null) {
            return receiver.sender();
        }
        while (true) {
            Sender<TrackedValue> sender = receiver.trySender();
            if (sender != null) {
                leftUnseen = null;
                discarded.reportEnd(ReceiverResult.DISCARDED);
                return sender;
            }
            BlockingReceive.pause();
        }
    }

    /** Waits as planned; sometimes another waiter is registered before. */
    private ReceiverResult take(Round taking) {
        RoundPlan plan = taking.plan();
        ReceiverResult early = (plan.randomByte(3) & 3) == 0 ? polling.attempt(receiver, taking) : null;
        return early != null ? early : strategy(plan).await(receiver, taking);
    }

    private void checkThatNothingIsLeft(Round over) {
        if ((over.plan().randomByte(4) & 3) == 0) {
            ReceiverResult again = polling.attempt(receiver, over);
            if (again == null || again.kind() != ReceiverResult.Kind.DROPPED) {
                over.complain("after its outcome was received, there is " + (again == null ? "a live sender" : again));
            }
        }
    }

    private ReceiveStrategy strategy(RoundPlan plan) {
        return switch (plan.mode()) {
            case POLL -> polling;
            case TASK -> tasks;
            case FUTURE -> futures;
            default -> blocking;
        };
    }

    /** Tries once, then abandons the round or closes the receiver. */
    private ReceiverResult leave(Round leaving) {
        RoundPlan plan = leaving.plan();
        if (plan.mode() == ReceiveMode.FUTURE) {
            return futures.leave(receiver, leaving);
        }
        ReceiverResult result = strategy(plan).attempt(receiver, leaving);
        if (result != null) {
            return result;
        }
        if (plan.ending() == Ending.CLOSE) {
            receiver.close();
            return ReceiverResult.CLOSED;
        }
        return ReceiverResult.abandoned(receiver.abandon());
    }

    private void reopen(Round closing) {
        receiver.close();
        try {
            Sender<TrackedValue> sender = receiver.sender();
            closing.complain("a closed receiver handed out " + sender);
        } catch (IllegalStateException closed) {
            receiver = newReceiver();
        }
    }

    private void finish() {
        Round discarded = leftUnseen;
        if (discarded != null) {
            leftUnseen = null;
            discarded.reportEnd(ReceiverResult.abandoned(receiver.abandon()));
        }
        receiver.close();
    }

    boolean isDone() {
        return done;
    }

    /** Returns the present round, by which the hang detector recognises progress. */
    @Nullable Round round() {
        return round;
    }

    /** Returns everything that helps to understand why this channel hangs. */
    String describe() {
        StringBuilder text =
                new StringBuilder().append(round).append("\n      ").append(receiver);
        Thread waiting = thread;
        if (waiting != null) {
            for (StackTraceElement frame : waiting.getStackTrace()) {
                text.append("\n        at ").append(frame);
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "channel " + number + " in " + round;
    }

    /**
     * What all channels share.
     *
     * @param seed the seed of all plans
     * @param checked whether assertions are enabled, so that the library is at its checked level
     * @param ledger the counts
     * @param jobs what the sender threads are to do
     * @param executor where tasks run
     * @param stop whether it is time to end
     */
    record Shared(
            long seed,
            boolean checked,
            Ledger ledger,
            BlockingQueue<Job> jobs,
            Executor executor,
            BooleanSupplier stop) {}

    /** A way to wait for an outcome, on the thread that owns the receiver. */
    interface ReceiveStrategy {
        /** Waits until there is an outcome, and receives it. */
        ReceiverResult await(Receiver<TrackedValue> receiver, Round round);

        /** Tries once, or waits briefly; returns null if there is no outcome yet. */
        @Nullable ReceiverResult attempt(Receiver<TrackedValue> receiver, Round round);
    }
}
