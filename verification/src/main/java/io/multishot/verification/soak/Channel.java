package io.multishot.verification.soak;

import io.multishot.Receiver;
import io.multishot.Sender;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One channel, and the thread that its receiver belongs to: plays one round after the other. */
final class Channel implements Runnable {
    private final int number;
    private final boolean guarded;
    private final boolean watched;
    private final Setting setting;
    private final Ledger ledger;
    private final Planner planner;
    private final Worker inline;
    private final Meddler meddler;
    private final Blocking blocking;
    private final Polling polling;
    private final FutureWaiting futures;
    private final TaskWaiting tasks;

    /** Volatile for those who watch; only this channel's thread writes. */
    private volatile Receiver<Parcel> receiver;

    private volatile @Nullable Round round;
    private volatile @Nullable Thread thread;
    private volatile boolean done;

    /** A round whose outcome the next sender() is to discard, unseen. */
    private @Nullable Round left;

    Channel(int number, boolean guarded, Setting setting) {
        this.number = number;
        this.guarded = guarded;
        this.setting = setting;
        this.ledger = setting.ledger();
        // where the library checks itself, all receivers are guarded
        this.watched = guarded || setting.checked();
        this.planner = new Planner(setting.seed(), number, watched, setting.checked());
        this.inline = new Worker(ledger, setting.jobs(), setting.stop());
        this.meddler = new Meddler(ledger);
        this.blocking = new Blocking(ledger);
        this.polling = new Polling(ledger);
        this.futures = new FutureWaiting(ledger, meddler);
        this.tasks = new TaskWaiting(ledger, number % 3 == 0 ? Runnable::run : setting.executor());
        this.receiver = newReceiver();
    }

    private Receiver<Parcel> newReceiver() {
        return guarded ? Receiver.guarded() : new Receiver<>();
    }

    @Override
    public void run() {
        Thread current = Thread.currentThread();
        current.setUncaughtExceptionHandler(ledger.handler());
        thread = current;
        try {
            for (long i = 0; !setting.stop().getAsBoolean(); i++) {
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
        if (Thread.interrupted()) { // a sender of an earlier round came too late with it
            ledger.interrupted();
        }
        Plan plan = planner.next();
        Round next = ledger.begin(number, index, plan);
        round = next;
        handOut(next);
        switch (plan.ending()) {
            case TAKE -> {
                next.ended(take(next));
                lookAgain(next);
            }
            case LEAVE -> {
                polling.awaitOutcome(receiver, next);
                next.ended(Verdict.DISCARDED);
            }
            case LEAVE_UNSEEN -> left = next;
            case ABANDON, CLOSE -> next.ended(leave(next));
        }
        if (receiver.isClosed()) {
            reopen(next);
        }
    }

    /**
     * Begins the round and hands its sender over. A method of its own, so that no frame keeps a lost sender reachable.
     */
    private void handOut(Round next) {
        Sender<Parcel> sender = nextSender();
        Plan plan = next.plan();
        Thread current = Thread.currentThread();
        int uses = plan.uses().size();
        if (plan.pace() == Pace.INLINE) {
            inline.perform(new Job(sender, next, 0, uses, new AtomicInteger(1), watched, current, meddler));
        } else if (plan.overlapping()) {
            AtomicInteger mates = new AtomicInteger(uses);
            for (int i = 0; i < uses; i++) {
                setting.jobs().add(new Job(sender, next, i, i + 1, mates, watched, current, meddler));
            }
        } else if (uses > 0) {
            setting.jobs().add(new Job(sender, next, 0, uses, new AtomicInteger(1), watched, current, meddler));
        }
    }

    private Sender<Parcel> nextSender() {
        Round discarded = left;
        if (discarded == null) {
            return receiver.sender();
        }
        while (true) {
            Sender<Parcel> sender = receiver.trySender();
            if (sender != null) {
                left = null;
                discarded.ended(Verdict.DISCARDED);
                return sender;
            }
            Pace.pause();
        }
    }

    /** Waits as planned; sometimes another waiter is registered before. */
    private Verdict take(Round taking) {
        Plan plan = taking.plan();
        Verdict early = (plan.dice(3) & 3) == 0 ? polling.attempt(receiver, taking) : null;
        return early != null ? early : waiting(plan).await(receiver, taking);
    }

    /** What was received is not there any more. */
    private void lookAgain(Round over) {
        if ((over.plan().dice(4) & 3) == 0) {
            Verdict again = polling.attempt(receiver, over);
            if (again == null || again.kind() != Verdict.Kind.DROPPED) {
                over.complain("after its outcome was received, there is " + (again == null ? "a live sender" : again));
            }
        }
    }

    private Waiting waiting(Plan plan) {
        return switch (plan.way()) {
            case POLL -> polling;
            case TASK -> tasks;
            case FUTURE -> futures;
            default -> blocking;
        };
    }

    /** Tries once, then leaves the round for good. */
    private Verdict leave(Round leaving) {
        Plan plan = leaving.plan();
        if (plan.way() == Way.FUTURE) {
            return futures.leave(receiver, leaving);
        }
        Verdict verdict = waiting(plan).attempt(receiver, leaving);
        if (verdict != null) {
            return verdict;
        }
        if (plan.ending() == Ending.CLOSE) {
            receiver.close();
            return Verdict.CLOSED;
        }
        return Verdict.abandoned(receiver.abandon());
    }

    private void reopen(Round closing) {
        receiver.close();
        try {
            Sender<Parcel> sender = receiver.sender();
            closing.complain("a closed receiver handed out " + sender);
        } catch (IllegalStateException closed) {
            receiver = newReceiver();
        }
    }

    /** Nobody receives any more. */
    private void finish() {
        Round discarded = left;
        if (discarded != null) {
            left = null;
            discarded.ended(Verdict.abandoned(receiver.abandon()));
        }
        receiver.close();
    }

    boolean isDone() {
        return done;
    }

    /** Which round this is, to tell whether the channel makes progress. */
    @Nullable Round round() {
        return round;
    }

    /** Everything that helps to understand why this channel stands still. */
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
}
