package io.multishot.verification.soak;

import io.multishot.Sender;
import io.multishot.verification.soak.Round.UseResult;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A thread that uses senders. */
final class SenderThread implements Runnable {
    private static final int SPINS_FOR_CONCURRENT_JOBS = 2_000;
    private static final int MILLIS = 50;

    private final Ledger ledger;
    private final BlockingQueue<Job> jobs;
    private final BooleanSupplier over;

    /** A safe sender of an earlier round, and the result of its last use. */
    private @Nullable Sender<TrackedValue> stale;

    private UseResult staleResult = UseResult.THREW;

    /** Makes a thread's program that ends once it is over and no jobs are left. */
    SenderThread(Ledger ledger, BlockingQueue<Job> jobs, BooleanSupplier over) {
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
        RoundPlan plan = job.round().plan();
        awaitConcurrentJobs(job);
        plan.delay().await(plan.randomBits());
        injectFault(job, plan);
        for (int use = job.from(); use < job.to(); use++) {
            use(job, use);
        }
    }

    @SuppressWarnings("Interruption") // to interrupt another thread is the point
    private void injectFault(Job job, RoundPlan plan) {
        Sender<TrackedValue> old = stale;
        switch (plan.fault()) {
            case INTERRUPT_BY_SENDER -> job.receiver().interrupt();
            case FUTURE_COMPLETED_BY_SENDER -> job.futures().completeExposed(plan.randomByte(2));
            case STALE_USE -> {
                if (old != null) {
                    ledger.staleUseReported(
                            staleResult, UseResult.of(old, RoundPlan.Use.SEND, new TrackedValue(-2, -2)));
                }
            }
            default -> {}
        }
    }

    private void use(Job job, int use) {
        Sender<TrackedValue> sender = job.sender();
        Round round = job.round();
        boolean alone = round.plan().uses().size() == 1;
        boolean abandoned = alone && sender.isAbandoned();
        TrackedValue value = round.value(use);
        value.fill();
        UseResult result = UseResult.of(sender, round.plan().uses().get(use), value);
        if (abandoned && result != UseResult.REFUSED) {
            round.complain("an abandoned sender returned " + result);
        }
        if (result == UseResult.REFUSED && UseResult.of(sender, RoundPlan.Use.DROP, value) != UseResult.REFUSED) {
            round.complain("a detached sender did not refuse its second use");
        }
        if (job.safe()) {
            stale = sender;
            staleResult = result;
        }
        round.reportUse(use, result); // last, because a recycling receiver may have handed out this sender again
    }

    private static void awaitConcurrentJobs(Job job) {
        job.notStarted().decrementAndGet();
        for (int i = 0; i < SPINS_FOR_CONCURRENT_JOBS && job.notStarted().get() > 0; i++) {
            Thread.onSpinWait();
        }
    }

    /**
     * A sender, and what a thread is to do with it.
     *
     * @param sender the sender
     * @param round whose sender it is
     * @param from the first use
     * @param to the use after the last one
     * @param notStarted how many jobs of this round have not started; concurrent ones wait briefly for each other
     * @param safe whether a stale use is always detected
     * @param receiver the thread that waits for the outcome
     * @param futures the holder of that thread's future
     */
    record Job(
            Sender<TrackedValue> sender,
            Round round,
            int from,
            int to,
            AtomicInteger notStarted,
            boolean safe,
            Thread receiver,
            FutureReceive futures) {}
}
