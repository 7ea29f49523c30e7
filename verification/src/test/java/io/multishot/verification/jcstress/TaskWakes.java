package io.multishot.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multishot.Task;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Hazard: two threads write plain data and wake the same task. The wakes coalesce, and the run that serves both misses
 * what one thread wrote, because its wake stored nothing, or no run follows it at all. So a wake that changes nothing
 * stores all the same, and a wake during a run causes another run.
 *
 * <p>The executor runs in the caller, so the two threads meet in every state of the task. Outcome: what the last run
 * saw (1 the first thread's data, 2 the second's, 3 both).
 */
public class TaskWakes {
    /** Spins while the executor would start a run: the time in which another wake finds the run scheduled. */
    private static void begin() {
        for (int i = 0; i < 10; i++) {
            Thread.onSpinWait();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "3", expect = ACCEPTABLE, desc = "The last run saw what came before both wakes.")
    @Outcome(expect = FORBIDDEN, desc = "A wake was lost, or what came before it.")
    public static class Coalescing {
        private final Task task = new Task(
                run -> {
                    begin();
                    run.run();
                },
                this::step);
        private int one;
        private int other;
        private int seen;

        private void step() {
            seen = one + other;
        }

        @Actor
        public void one() {
            one = 1;
            task.wake();
        }

        @Actor
        public void other() {
            other = 2;
            task.wake();
        }

        @Arbiter
        public void account(I_Result result) {
            result.r1 = seen;
        }
    }

    /** The bug: a wake that finds a run scheduled only loads, so its thread's data may not be visible to the run. */
    @JCStressTest
    @State
    @Outcome(id = "3", expect = ACCEPTABLE, desc = "As it should be.")
    @Outcome(
            id = {"1", "2"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "The bug is seen.")
    public static class WeakenedReadOnlyWake {
        private static final int IDLE = 0;
        private static final int SCHEDULED = 1;
        private static final int RUNNING = 2;
        private static final int WOKEN = 3;

        private final AtomicInteger state = new AtomicInteger();
        private int one;
        private int other;
        private int seen;

        private void wake() {
            while (true) {
                int found = state.get();
                if (found == SCHEDULED || found == WOKEN) {
                    return;
                }
                if (state.compareAndSet(found, found == IDLE ? SCHEDULED : WOKEN)) {
                    if (found == IDLE) {
                        run();
                    }
                    return;
                }
            }
        }

        private void run() {
            do {
                begin();
                state.set(RUNNING);
                seen = one + other;
            } while (!state.compareAndSet(RUNNING, IDLE));
        }

        @Actor
        public void one() {
            one = 1;
            wake();
        }

        @Actor
        public void other() {
            other = 2;
            wake();
        }

        @Arbiter
        public void account(I_Result result) {
            result.r1 = seen;
        }
    }

    /** The bug: a wake during a run causes no other run. */
    @JCStressTest
    @State
    @Outcome(id = "3", expect = ACCEPTABLE, desc = "As it should be.")
    @Outcome(
            id = {"1", "2"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "The bug is seen.")
    public static class WeakenedLostDuringRun {
        private final AtomicInteger busy = new AtomicInteger();
        private int one;
        private int other;
        private int seen;

        private void wake() {
            if (busy.getAndSet(1) == 0) {
                seen = one + other;
                busy.set(0);
            }
        }

        @Actor
        public void one() {
            one = 1;
            wake();
        }

        @Actor
        public void other() {
            other = 2;
            wake();
        }

        @Arbiter
        public void account(I_Result result) {
            result.r1 = seen;
        }
    }
}
