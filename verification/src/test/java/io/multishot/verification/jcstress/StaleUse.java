package io.multishot.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multishot.Receiver;
import io.multishot.Sender;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Hazard: a reference to the sender of a past round is used while the present round's sender is. A safe receiver makes
 * a new cell for each round, so the stale use throws and touches nothing.
 *
 * <p>Outcomes: the results of the stale and the fresh use (1 true, 0 false, 2 threw), and the content received.
 */
public class StaleUse {
    private static Sender<Payload> pastRound(Receiver<Payload> receiver) {
        Sender<Payload> stale = receiver.sender();
        stale.send(new Payload(7));
        receiver.take();
        return stale;
    }

    @JCStressTest
    @State
    @Outcome(id = "2, 1, 1", expect = ACCEPTABLE, desc = "The stale use throws, the fresh one succeeds.")
    @Outcome(expect = FORBIDDEN, desc = "The stale use touched the present round.")
    public static class Safe {
        private final Receiver<Payload> receiver = new Receiver<>();
        private final Sender<Payload> stale = pastRound(receiver);
        private final Sender<Payload> fresh = receiver.sender();

        @Actor
        public void late(III_Result result) {
            result.r1 = SendCode.send(stale, 8);
        }

        @Actor
        public void holder(III_Result result) {
            result.r2 = SendCode.send(fresh, 1);
        }

        @Arbiter
        public void received(III_Result result) {
            result.r3 = Payload.read(receiver.tryReceive());
        }
    }

    /** The bug: the present round has the cell of the past one. That is what a recycling receiver does, by design. */
    @JCStressTest
    @State
    @Outcome(id = "2, 1, 1", expect = ACCEPTABLE, desc = "As it should be.")
    @Outcome(
            id = {"1, 2, 8", "2, 1, 8", "1, 2, 1"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "The bug is seen.")
    public static class WeakenedSafe {
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> stale = pastRound(receiver);
        private final Sender<Payload> fresh = receiver.sender();

        @Actor
        public void late(III_Result result) {
            result.r1 = SendCode.send(stale, 8);
        }

        @Actor
        public void holder(III_Result result) {
            result.r2 = SendCode.send(fresh, 1);
        }

        @Arbiter
        public void received(III_Result result) {
            result.r3 = Payload.read(receiver.tryReceive());
        }
    }
}
