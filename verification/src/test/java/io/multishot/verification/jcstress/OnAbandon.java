package io.multishot.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Hazard: a waker of onAbandon is registered while the receiver abandons the round. If the receiver loads the waker
 * first, and stores that the sender is detached afterwards, nobody calls a waker that is registered in between. So the
 * two are one exchange.
 *
 * <p>Outcomes: abandon (1 true), or send (1 true); the calls of the waker.
 */
public class OnAbandon {
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Called once, by either side.")
    @Outcome(expect = FORBIDDEN, desc = "Never called, or twice.")
    public static class Registration {
        private final WakeCounter waker = new WakeCounter();
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();

        @Actor
        public void holder() {
            sender.onAbandon(waker);
        }

        @Actor
        public void owner(II_Result result) {
            result.r1 = receiver.abandon() ? 1 : 0;
        }

        @Arbiter
        public void calls(II_Result result) {
            result.r2 = waker.calls();
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Sent first: the waker is not called.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Abandoned first: the waker is called once.")
    @Outcome(expect = FORBIDDEN, desc = "Both, or neither.")
    public static class AgainstSend {
        private final WakeCounter waker = new WakeCounter();
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();

        public AgainstSend() {
            sender.onAbandon(waker);
        }

        @Actor
        public void holder(II_Result result) {
            result.r1 = SendCode.send(sender, 1);
        }

        @Actor
        public void owner() {
            receiver.abandon();
        }

        @Arbiter
        public void calls(II_Result result) {
            result.r2 = waker.calls();
        }
    }

    /** The bug: the receiver loads, then stores. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "As it should be.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedRegistration {
        private static final Object DETACHED = "DETACHED";

        private final WakeCounter waker = new WakeCounter();
        private final AtomicReference<Object> abandonment = new AtomicReference<>();

        @Actor
        public void holder() {
            if (!abandonment.compareAndSet(null, waker)) {
                waker.wake();
            }
        }

        @Actor
        public void owner(II_Result result) {
            Object registered = abandonment.get();
            abandonment.set(DETACHED);
            if (registered instanceof WakeCounter found) {
                found.wake();
            }
            result.r1 = 1;
        }

        @Arbiter
        public void calls(II_Result result) {
            result.r2 = waker.calls();
        }
    }
}
