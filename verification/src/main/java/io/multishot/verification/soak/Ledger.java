package io.multishot.verification.soak;

import io.multishot.verification.soak.Round.ReceiverResult;
import io.multishot.verification.soak.Round.UseResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what was sent and what became of it, and collects what is inconsistent. Any thread may call it. */
final class Ledger {
    private static final int MAX_DISCREPANCIES = 20;
    private static final int MAX_FRAMES = 12;

    private static final String REJECTION = "the executor rejects";

    private final LongAdder begun = new LongAdder();
    private final LongAdder complete = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder thrownBack = new LongAdder();
    private final LongAdder discarded = new LongAdder();
    private final LongAdder leaks = new LongAdder();
    private final LongAdder leaksComplete = new LongAdder();
    private final LongAdder leaksDropped = new LongAdder();
    private final LongAdder leaksLogged = new LongAdder();
    private final LongAdder faultsThrown = new LongAdder();
    private final LongAdder faultsSurfaced = new LongAdder();
    private final LongAdder rejections = new LongAdder();
    private final LongAdder interrupts = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private final LongAdder futuresCompleted = new LongAdder();
    private final Queue<String> discrepancies = new ConcurrentLinkedQueue<>();
    private final LongAdder discrepancyCount = new LongAdder();
    private final Thread.UncaughtExceptionHandler handler = this::uncaught;

    Round begin(int channel, long number, RoundPlan plan) {
        begun.increment();
        if (plan.losesSender()) {
            leaks.increment();
        }
        return new Round(this, channel, number, plan);
    }

    void useReported(RoundPlan.Use use, UseResult result) {
        if (use != RoundPlan.Use.SEND) {
            return;
        }
        sent.increment();
        switch (result) {
            case HANDED_OVER -> {} // the receiver reports what became of it
            case REFUSED -> refused.increment();
            case THREW -> thrownBack.increment();
        }
    }

    /** Reports another use of a sender that was used in an earlier round. */
    void staleUseReported(UseResult first, UseResult again) {
        useReported(RoundPlan.Use.SEND, again);
        if (again == UseResult.HANDED_OVER || (first == UseResult.HANDED_OVER && again == UseResult.REFUSED)) {
            discrepancy("a stale sender whose use was " + first + " is now " + again);
        }
    }

    void valueReceived() {
        received.increment();
    }

    /** Closes the account of a round, of which both sides have reported. */
    void roundComplete(RoundPlan plan, @Nullable ReceiverResult result, boolean discardedValue) {
        if (discardedValue) {
            discarded.increment();
        }
        if (plan.losesSender()) {
            leaksComplete.increment();
            if (result != ReceiverResult.DETACHED) {
                leaksDropped.increment();
            }
        }
        complete.increment();
    }

    void leakLogged() {
        leaksLogged.increment();
    }

    /** Throws a fault that must surface. */
    void throwFault(String what) {
        if (isOurs(Thread.currentThread())) {
            faultsThrown.increment();
            throw new InjectedFault(what);
        }
    }

    /** Rejects a task. That need not surface: if the task runs again at once, nobody has to be notified. */
    void rejectTask() {
        if (isOurs(Thread.currentThread())) {
            rejections.increment();
            throw new InjectedFault(REJECTION);
        }
    }

    /** Returns whether faults of this thread arrive here. Those of the library's own threads do not. */
    private boolean isOurs(Thread thread) {
        return thread.getUncaughtExceptionHandler() == handler;
    }

    /**
     * Counts a fault that surfaced where it should, and those it suppressed: a step threw, then its executor rejected.
     */
    void faultSurfaced(Throwable fault) {
        if (!REJECTION.equals(fault.getMessage())) {
            faultsSurfaced.increment();
        }
        for (Throwable other : fault.getSuppressed()) {
            faultSurfaced(other);
        }
    }

    /** Returns the handler of what the program's threads do not catch. */
    Thread.UncaughtExceptionHandler handler() {
        return handler;
    }

    private void uncaught(Thread thread, Throwable thrown) {
        if (thrown instanceof InjectedFault) {
            faultSurfaced(thrown);
        } else {
            discrepancy("uncaught in thread " + thread.getName() + ": " + describe(thrown));
        }
    }

    void interrupted() {
        interrupts.increment();
    }

    void timedOut() {
        timeouts.increment();
    }

    void futureCompletedFromOutside() {
        futuresCompleted.increment();
    }

    void discrepancy(String what) {
        discrepancyCount.increment();
        if (discrepancies.size() < MAX_DISCREPANCIES) {
            discrepancies.add(what);
        }
    }

    boolean hasNoDiscrepancy() {
        return discrepancyCount.sum() == 0;
    }

    List<String> discrepancies() {
        return List.copyOf(discrepancies);
    }

    long rounds() {
        return complete.sum();
    }

    /** Returns whether a sender is lost that the garbage collector has yet to find. */
    boolean awaitsCollector() {
        return leaks.sum() != leaksComplete.sum();
    }

    /** Returns what does not add up; empty if all is settled. All threads must have ended. */
    List<String> unsettled() {
        List<String> problems = new ArrayList<>();
        if (begun.sum() != complete.sum()) {
            problems.add(begun.sum() + " rounds begun, " + complete.sum() + " ended on both sides");
        }
        if (sent.sum() != received.sum() + refused.sum() + thrownBack.sum() + discarded.sum()) {
            problems.add("values do not add up: " + values());
        }
        if (leaksDropped.sum() != leaksLogged.sum()) {
            problems.add(
                    leaksDropped.sum() + " lost senders dropped their round, " + leaksLogged.sum() + " were logged");
        }
        if (faultsThrown.sum() != faultsSurfaced.sum()) {
            problems.add(faultsThrown.sum() + " faults were thrown, " + faultsSurfaced.sum() + " surfaced");
        }
        return problems;
    }

    String values() {
        return "sent " + sent.sum() + " = received " + received.sum() + " + refused " + refused.sum() + " + discarded "
                + discarded.sum() + " + thrown back " + thrownBack.sum();
    }

    String faults() {
        return "interrupts " + interrupts.sum() + ", timeouts " + timeouts.sum() + ", faults thrown "
                + faultsThrown.sum() + ", tasks rejected " + rejections.sum() + ", futures completed from outside "
                + futuresCompleted.sum() + ", senders lost " + leaks.sum();
    }

    /** Returns a throwable and the first frames of its stack trace as text. */
    static String describe(Throwable thrown) {
        StringBuilder text = new StringBuilder(thrown.toString());
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
            text.append("\n        at ").append(frames[i]);
        }
        return text.toString();
    }

    /** What faulty wakers, steps and executors throw. It must reach an uncaught-exception handler and nothing else. */
    static final class InjectedFault extends RejectedExecutionException {
        private static final long serialVersionUID = 1L;

        InjectedFault(String what) {
            super(what);
        }

        /** Skips the stack trace: many faults are thrown, and their message says where. */
        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
