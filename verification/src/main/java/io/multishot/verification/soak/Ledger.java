package io.multishot.verification.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The books: what was sent, what became of it, and what does not fit together. Any thread. */
final class Ledger {
    private static final int MOST_DISCREPANCIES = 20;

    private static final String REJECTION = "the executor rejects";

    private final LongAdder begun = new LongAdder();
    private final LongAdder judged = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder thrownBack = new LongAdder();
    private final LongAdder discarded = new LongAdder();
    private final LongAdder leaked = new LongAdder();
    private final LongAdder leaksOver = new LongAdder();
    private final LongAdder leaksDropped = new LongAdder();
    private final LongAdder leaksLogged = new LongAdder();
    private final LongAdder faultsThrown = new LongAdder();
    private final LongAdder faultsReported = new LongAdder();
    private final LongAdder rejections = new LongAdder();
    private final LongAdder interrupts = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private final LongAdder meddled = new LongAdder();
    private final Queue<String> discrepancies = new ConcurrentLinkedQueue<>();
    private final LongAdder discrepancyCount = new LongAdder();
    private final Thread.UncaughtExceptionHandler handler = this::uncaught;

    Round begin(int channel, long number, Plan plan) {
        begun.increment();
        if (plan.isLeak()) {
            leaked.increment();
        }
        return new Round(this, channel, number, plan);
    }

    void answered(Use use, Answer answer) {
        if (use != Use.SEND) {
            return;
        }
        sent.increment();
        switch (answer) {
            case HANDED_OVER -> {} // the receiver's side says what became of it
            case REFUSED -> refused.increment();
            case THREW -> thrownBack.increment();
        }
    }

    /** A sender was used that had been used in an earlier round. */
    void answeredStale(Answer first, Answer answer) {
        answered(Use.SEND, answer);
        if (answer == Answer.HANDED_OVER || (first == Answer.HANDED_OVER && answer == Answer.REFUSED)) {
            discrepancy("a stale sender that once answered " + first + " answers " + answer);
        }
    }

    void received() {
        received.increment();
    }

    /** Closes the page of a round. */
    void judged(Plan plan, @Nullable Verdict verdict, boolean discardedValue) {
        if (discardedValue) {
            discarded.increment();
        }
        if (plan.isLeak()) {
            leaksOver.increment();
            if (verdict != Verdict.DETACHED) {
                leaksDropped.increment();
            }
        }
        judged.increment();
    }

    void leakLogged() {
        leaksLogged.increment();
    }

    /** Throws a fault that must surface. */
    void injectFault(String what) {
        if (isOurs(Thread.currentThread())) {
            faultsThrown.increment();
            throw new InjectedFault(what);
        }
    }

    /** Rejects a task. That need not surface: where a task runs again at once instead, nobody has to be told. */
    void injectRejection() {
        if (isOurs(Thread.currentThread())) {
            rejections.increment();
            throw new InjectedFault(REJECTION);
        }
    }

    /** Only of this program's threads is it known what becomes of a fault, and not of the library's own. */
    private boolean isOurs(Thread thread) {
        return thread.getUncaughtExceptionHandler() == handler;
    }

    /** A fault surfaced where it should, perhaps with another in tow: a step threw, then its executor rejected. */
    void faultReported(Throwable fault) {
        if (!REJECTION.equals(fault.getMessage())) {
            faultsReported.increment();
        }
        for (Throwable other : fault.getSuppressed()) {
            faultReported(other);
        }
    }

    /** Where every thread of the program sends what it does not catch. */
    Thread.UncaughtExceptionHandler handler() {
        return handler;
    }

    private void uncaught(Thread thread, Throwable thrown) {
        if (thrown instanceof InjectedFault) {
            faultReported(thrown);
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

    void meddled() {
        meddled.increment();
    }

    void discrepancy(String what) {
        discrepancyCount.increment();
        if (discrepancies.size() < MOST_DISCREPANCIES) {
            discrepancies.add(what);
        }
    }

    boolean isGood() {
        return discrepancyCount.sum() == 0;
    }

    List<String> discrepancies() {
        return List.copyOf(discrepancies);
    }

    long rounds() {
        return judged.sum();
    }

    /** Whether some sender is lost and its receiver has not been told. */
    boolean awaitsCollector() {
        return leaked.sum() != leaksOver.sum();
    }

    /** What keeps the books from being closed; empty when all is settled. Nobody may be writing any more. */
    List<String> unsettled() {
        List<String> problems = new ArrayList<>();
        if (begun.sum() != judged.sum()) {
            problems.add(begun.sum() + " rounds begun, " + judged.sum() + " ended on both sides");
        }
        if (sent.sum() != received.sum() + refused.sum() + thrownBack.sum() + discarded.sum()) {
            problems.add("values do not add up: " + values());
        }
        if (leaksDropped.sum() != leaksLogged.sum()) {
            problems.add(
                    leaksDropped.sum() + " lost senders dropped their round, " + leaksLogged.sum() + " were logged");
        }
        if (faultsThrown.sum() != faultsReported.sum()) {
            problems.add(faultsThrown.sum() + " faults were thrown, " + faultsReported.sum() + " surfaced");
        }
        return problems;
    }

    String values() {
        return "sent " + sent.sum() + " = received " + received.sum() + " + refused " + refused.sum() + " + discarded "
                + discarded.sum() + " + thrown back " + thrownBack.sum();
    }

    String faults() {
        return "interrupts " + interrupts.sum() + ", timeouts " + timeouts.sum() + ", faults thrown "
                + faultsThrown.sum() + ", tasks rejected " + rejections.sum() + ", futures meddled with "
                + meddled.sum() + ", senders lost " + leaked.sum();
    }

    /** A throwable and the first places that it came through. */
    static String describe(Throwable thrown) {
        StringBuilder text = new StringBuilder(thrown.toString());
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, 12); i++) {
            text.append("\n        at ").append(frames[i]);
        }
        return text.toString();
    }
}
