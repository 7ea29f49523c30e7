package io.multishot.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderDroppedException;
import io.multishot.verification.WakeCounter;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Hazard: a safe sender loads the slot, the receiver registers or withdraws a waiter, and the sender's CAS fails though
 * nobody else has used it. If the sender gave up then, the value would be lost; if it took the failure for misuse, an
 * innocent send would throw. So it tries again, until it has won or the slot is not live any more.
 */
public class SafeSendAgainstWaiters {
    private static final int PENDING = 0;
    private static final int READY = 1;

    /** No value will ever come: the round is over. */
    private static final int OVER = 9;

    /** Outcomes: send (1 true), what poll returned (0 PENDING, 1 READY), wakes, and the content received. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0, 1, 1", expect = ACCEPTABLE, desc = "Pending, then woken once.")
    @Outcome(id = "1, 1, 0, 1", expect = ACCEPTABLE, desc = "Ready; no waker was registered.")
    @Outcome(expect = FORBIDDEN, desc = "The send failed, or the wake or the value is lost.")
    public static class Registration {
        private final WakeCounter waker = new WakeCounter();
        private final Receiver<Payload> receiver = new Receiver<>();
        private final Sender<Payload> sender = receiver.sender();

        @Actor
        public void holder(IIII_Result result) {
            result.r1 = SendCode.send(sender, 1);
        }

        @Actor
        public void owner(IIII_Result result) {
            result.r2 = receiver.poll(waker).ordinal();
        }

        @Arbiter
        public void account(IIII_Result result) {
            result.r3 = waker.calls();
            result.r4 = Payload.read(receiver.tryReceive());
        }
    }

    /** Outcomes: send (1 true), the content received in time (0: timeout), the content found later. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 9", expect = ACCEPTABLE, desc = "The value came in time.")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "Too late, and it stays until it is taken.")
    @Outcome(expect = FORBIDDEN, desc = "The value is lost, duplicated or refused.")
    public static class Withdrawal {
        private final Receiver<Payload> receiver = new Receiver<>();
        private final Sender<Payload> sender = receiver.sender();

        @Actor
        public void holder(III_Result result) {
            result.r1 = SendCode.send(sender, 1);
        }

        @Actor
        public void owner(III_Result result) {
            try {
                result.r2 = Payload.read(receiver.receive(Duration.ZERO));
            } catch (TimeoutException late) {
                result.r2 = 0;
            } catch (InterruptedException nobodyDoesThat) {
                throw new AssertionError(nobodyDoesThat);
            }
        }

        @Arbiter
        public void later(III_Result result) {
            try {
                result.r3 = Payload.read(receiver.tryReceive());
            } catch (SenderDroppedException over) {
                result.r3 = OVER;
            }
        }
    }

    /** The bug: the sender makes one attempt, and reports it as sent, whatever its result. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0, 1, 1", "1, 1, 0, 1"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "1, 0, 0, 0", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedOneAttempt {
        private final WakeCounter waker = new WakeCounter();
        private final AtomicReference<Object> slot = new AtomicReference<>();

        @Actor
        public void holder(IIII_Result result) {
            Object seen = slot.get();
            if (slot.compareAndSet(seen, new Payload(1)) && seen instanceof WakeCounter registered) {
                registered.wake();
            }
            result.r1 = SendCode.DONE;
        }

        @Actor
        public void owner(IIII_Result result) {
            result.r2 = slot.compareAndSet(null, waker) ? PENDING : READY;
        }

        @Arbiter
        public void account(IIII_Result result) {
            result.r3 = waker.calls();
            result.r4 = slot.get() instanceof Payload payload ? Payload.read(payload) : 0;
        }
    }
}
