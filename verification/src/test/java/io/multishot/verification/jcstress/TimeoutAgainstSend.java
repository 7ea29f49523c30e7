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
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Hazard: the receiver's time is up, and it withdraws its waiter while the sender exchanges it for the value. A
 * withdrawal that merely stores "open" overwrites the value. So the withdrawal is a CAS, and if that fails the value
 * has won. An interrupt withdraws by the same method.
 *
 * <p>Outcomes: send (1 true), the content received in time (0: timeout), the content found later.
 */
public class TimeoutAgainstSend {
    /** No value will ever come: the round is over. */
    private static final int OVER = 9;

    @JCStressTest
    @State
    @Outcome(id = "1, 1, 9", expect = ACCEPTABLE, desc = "The value came in time.")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "Too late, and it stays until it is taken.")
    @Outcome(expect = FORBIDDEN, desc = "The value is lost, duplicated or refused.")
    public static class Withdrawal {
        private final Receiver<Payload> receiver = Receiver.recycling();
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

    /** The bug: the withdrawal loads, then stores. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 1, 9", "1, 0, 1"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedWithdrawal {
        private final WakeCounter waiter = new WakeCounter();
        private final AtomicReference<Object> slot = new AtomicReference<>();

        @Actor
        public void holder(III_Result result) {
            if (slot.getAndSet(new Payload(1)) instanceof WakeCounter registered) {
                registered.wake();
            }
            result.r1 = SendCode.DONE;
        }

        @Actor
        public void owner(III_Result result) {
            if (slot.compareAndSet(null, waiter) && slot.get() == waiter) {
                slot.set(null);
            } else {
                result.r2 = Payload.read((Payload) slot.get());
            }
        }

        @Arbiter
        public void later(III_Result result) {
            result.r3 = result.r2 != 0 ? OVER : Payload.read((Payload) slot.get());
        }
    }
}
