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
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Hazard: the sender's load finds the cell open, the receiver abandons the round, and the sender's exchange comes after
 * that. If the receiver still read or recycled that cell, it would find the value of a round that it had abandoned. So
 * it lets go of the cell first. And exactly one of the two calls must return true, or the value is lost or owned twice.
 */
public class AbandonAgainstSend {
    /** Outcomes: send and abandon (1 true), a late value in the fresh round (0: none), the fresh round's own value. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 0, 2", expect = ACCEPTABLE, desc = "The receiver was first.")
    @Outcome(id = "1, 0, 0, 2", expect = ACCEPTABLE, desc = "The sender was first, its value is discarded.")
    @Outcome(expect = FORBIDDEN, desc = "Both or neither return true, or the fresh round is affected.")
    public static class Recycling {
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();
        private Sender<Payload> fresh;

        @Actor
        public void holder(IIII_Result result) {
            result.r1 = SendCode.send(sender, 1);
        }

        @Actor
        public void owner(IIII_Result result) {
            result.r2 = receiver.abandon() ? 1 : 0;
            fresh = receiver.sender();
        }

        @Arbiter
        public void freshRound(IIII_Result result) {
            result.r3 = Payload.read(receiver.tryReceive());
            SendCode.send(fresh, 2);
            result.r4 = Payload.read(receiver.tryReceive());
        }
    }

    /** The same with a registered waker, which the abandoned round must not call, and a safe receiver. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 0, 2", expect = ACCEPTABLE, desc = "The receiver was first.")
    @Outcome(id = "1, 0, 1, 2", expect = ACCEPTABLE, desc = "The sender was first, and woke.")
    @Outcome(expect = FORBIDDEN, desc = "Both or neither return true, a wrong wake, or the fresh round is affected.")
    public static class Safe {
        private final WakeCounter waker = new WakeCounter();
        private final Receiver<Payload> receiver = new Receiver<>();
        private final Sender<Payload> sender = receiver.sender();
        private Sender<Payload> fresh;

        public Safe() {
            receiver.poll(waker);
        }

        @Actor
        public void holder(IIII_Result result) {
            result.r1 = SendCode.send(sender, 1);
        }

        @Actor
        public void owner(IIII_Result result) {
            result.r2 = receiver.abandon() ? 1 : 0;
            fresh = receiver.sender();
        }

        @Arbiter
        public void freshRound(IIII_Result result) {
            result.r3 = waker.calls();
            SendCode.send(fresh, 2);
            result.r4 = Payload.read(receiver.tryReceive());
        }
    }

    /**
     * A detached sender returns false for every use, also while a late one covers ABANDONED in the slot. Outcomes: the
     * late send, abandon, a send after it.
     */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "Detached: both uses are refused.")
    @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "Consumed first: the second use throws.")
    @Outcome(expect = FORBIDDEN, desc = "A detached sender accepts or throws.")
    public static class Detached {
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();

        @Actor
        public void holder(III_Result result) {
            result.r1 = SendCode.send(sender, 1);
        }

        @Actor
        public void owner(III_Result result) {
            result.r2 = receiver.abandon() ? 1 : 0;
            result.r3 = SendCode.send(sender, 2);
        }
    }

    /** The bug: the fresh round reuses the abandoned cell. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 1, 0, 2", "1, 0, 0, 2"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "1, 1, 1, 0", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedReuse {
        private final AtomicReference<Object> slot = new AtomicReference<>();

        private int send(int content) {
            if (slot.get() != null) {
                return SendCode.REFUSED;
            }
            return slot.getAndSet(new Payload(content)) == null ? SendCode.DONE : SendCode.REFUSED;
        }

        private int receive() {
            return slot.getAndSet(null) instanceof Payload payload ? Payload.read(payload) : 0;
        }

        @Actor
        public void holder(IIII_Result result) {
            result.r1 = send(1);
        }

        @Actor
        public void owner(IIII_Result result) {
            result.r2 = slot.getAndSet("abandoned") == null ? 1 : 0;
            slot.set(null);
        }

        @Arbiter
        public void freshRound(IIII_Result result) {
            result.r3 = Payload.read(slot.get() instanceof Payload ghost ? ghost : null);
            result.r4 = result.r3 == 0 && send(2) == SendCode.DONE ? receive() : 0;
        }
    }
}
