package io.multishot.verification.soak;

import io.multishot.Sender;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A thread that uses senders. */
final class Worker implements Runnable {
    private static final int SPINS_FOR_A_MATE = 2_000;
    private static final int MILLIS = 50;

    private final Ledger ledger;
    private final BlockingQueue<Job> jobs;
    private final BooleanSupplier over;

    /** A guarded sender of an earlier round, and what it answered. */
    private @Nullable Sender<Parcel> stale;

    private Answer staleAnswer = Answer.THREW;

    /** Works until it is over and no jobs are left. */
    Worker(Ledger ledger, BlockingQueue<Job> jobs, BooleanSupplier over) {
        this.ledger = ledger;
        this.jobs = jobs;
        this.over = over;
    }

    @Override
    public void run() {
        Thread.currentThread().setUncaughtExceptionHandler(ledger.handler());
        try {
            while (true) {
                boolean wasOver = over.getAsBoolean();
                Job job = jobs.poll(MILLIS, TimeUnit.MILLISECONDS);
                if (job != null) {
                    perform(job);
                } else if (wasOver) {
                    return;
                }
            }
        } catch (Throwable thrown) {
            ledger.discrepancy("a sender's thread: " + Ledger.describe(thrown));
        }
    }

    void perform(Job job) {
        Plan plan = job.round().plan();
        awaitMates(job);
        plan.pace().pass(plan.noise());
        injectBefore(job, plan);
        for (int use = job.from(); use < job.to(); use++) {
            use(job, use);
        }
    }

    @SuppressWarnings("Interruption") // to interrupt another thread is the point
    private void injectBefore(Job job, Plan plan) {
        Sender<Parcel> old = stale;
        switch (plan.fault()) {
            case INTERRUPT_BY_SENDER -> job.receiver().interrupt();
            case MEDDLE_BY_SENDER -> job.meddler().meddle(plan.dice(2));
            case STALE_USE -> {
                if (old != null) {
                    ledger.answeredStale(staleAnswer, Answer.to(old, Use.SEND, new Parcel(-2, -2)));
                }
            }
            default -> {}
        }
    }

    private void use(Job job, int use) {
        Sender<Parcel> sender = job.sender();
        Round round = job.round();
        boolean alone = round.plan().uses().size() == 1;
        boolean abandoned = alone && sender.isAbandoned();
        Parcel parcel = round.parcel(use);
        parcel.close();
        Answer answer = Answer.to(sender, round.plan().uses().get(use), parcel);
        if (abandoned && answer != Answer.REFUSED) {
            round.complain("an abandoned sender answered " + answer);
        }
        if (answer == Answer.REFUSED && Answer.to(sender, Use.DROP, parcel) != Answer.REFUSED) {
            round.complain("a detached sender did not refuse its second use");
        }
        if (job.guarded()) {
            stale = sender;
            staleAnswer = answer;
        }
        round.answered(use, answer); // last: a receiver that is not guarded has perhaps handed this sender out again
    }

    private static void awaitMates(Job job) {
        job.mates().decrementAndGet();
        for (int i = 0; i < SPINS_FOR_A_MATE && job.mates().get() > 0; i++) {
            Thread.onSpinWait();
        }
    }
}
