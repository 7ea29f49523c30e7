package io.multishot.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Waker;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Hazard: a waker coalesces: while its flag is set, the task will run anyway, so the waker does nothing. The task
 * clears the flag, then polls. So the sender writes the slot and reads the flag, and the task writes the flag and reads
 * the slot: Dekker's pattern. If either thread's read is done before its write, both may miss each other, and the value
 * is never received.
 *
 * <p>What x86 can show: a write that is not volatile, as in the weakened variant. It cannot show that poll's load is
 * too weak, because after a volatile write the compiler emits a fence, which no later load passes.
 *
 * <p>Outcomes: what poll answered (0 PENDING, 1 READY), and whether the waker did nothing because of the flag.
 */
public class WakeAgainstFlag {
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Pending: the waker saw the cleared flag, and acts.")
    @Outcome(
            id = {"1, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "The task has the value.")
    @Outcome(expect = FORBIDDEN, desc = "Pending, and the waker did nothing: the wake is lost.")
    public static class Volatile {
        private final Waker waker = this::woken;
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();
        private volatile boolean scheduled = true;
        private boolean skipped;

        public Volatile() {
            receiver.poll(waker);
        }

        private void woken() {
            skipped = scheduled;
        }

        @Actor
        public void holder() {
            sender.send(new Payload(1));
        }

        @Actor
        public void task(II_Result result) {
            scheduled = false;
            result.r1 = receiver.poll(waker).ordinal();
        }

        @Arbiter
        public void account(II_Result result) {
            result.r2 = skipped ? 1 : 0;
        }
    }

    /** The bug: the flag is cleared by a release store, which the following load of the slot may overtake. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 0", "1, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedRelease {
        private static final VarHandle SLOT = ConstantBootstraps.fieldVarHandle(
                MethodHandles.lookup(), "slot", VarHandle.class, WeakenedRelease.class, Payload.class);
        private static final VarHandle SCHEDULED = ConstantBootstraps.fieldVarHandle(
                MethodHandles.lookup(), "scheduled", VarHandle.class, WeakenedRelease.class, boolean.class);

        private volatile Payload slot;
        private volatile boolean scheduled = true;
        private boolean skipped;

        @Actor
        public void holder() {
            SLOT.getAndSet(this, new Payload(1));
            skipped = scheduled;
        }

        @Actor
        public void task(II_Result result) {
            SCHEDULED.setRelease(this, false);
            result.r1 = slot == null ? 0 : 1;
        }

        @Arbiter
        public void account(II_Result result) {
            result.r2 = skipped ? 1 : 0;
        }
    }
}
