package io.multishot.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multishot.Receiver;
import io.multishot.Sender;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Hazard: the sender looks and finds the cell open, the receiver abandons the round, and the sender's exchange comes
 * after that. If the receiver still reads or recycles that cell, it finds a ghost: the value of a round that it gave
 * up. It lets go of the cell first. And exactly one of the two must hear "true", or the value is lost or owned twice.
 */
public class AbandonAgainstSend {
    /** Outcomes: send and abandon (1 true), the ghost in the fresh round (0: none), the fresh round's own value. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 0, 2", expect = ACCEPTABLE, desc = "The receiver was first.")
    @Outcome(id = "1, 0, 0, 2", expect = ACCEPTABLE, desc = "The sender was first, its value is discarded.")
    @Outcome(expect = FORBIDDEN, desc = "Both or none hear true, or the fresh round is harmed.")
    public static class Recycling {
        private final Receiver<Parcel> receiver = new Receiver<>();
        private final Sender<Parcel> sender = receiver.sender();
        private Sender<Parcel> fresh;

        @Actor
        public void holder(IIII_Result result) {
            result.r1 = Use.of(sender, 1);
        }

        @Actor
        public void owner(IIII_Result result) {
            result.r2 = receiver.abandon() ? 1 : 0;
            fresh = receiver.sender();
        }

        @Arbiter
        public void freshRound(IIII_Result result) {
            result.r3 = Parcel.read(receiver.tryReceive());
            Use.of(fresh, 2);
            result.r4 = Parcel.read(receiver.tryReceive());
        }
    }

    /** The same with a registered waker, which the abandoned round must not call, and a guarded receiver. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 0, 2", expect = ACCEPTABLE, desc = "The receiver was first.")
    @Outcome(id = "1, 0, 1, 2", expect = ACCEPTABLE, desc = "The sender was first, and woke.")
    @Outcome(expect = FORBIDDEN, desc = "Both or none hear true, a wrong wake, or the fresh round is harmed.")
    public static class Guarded {
        private final Tally waker = new Tally();
        private final Receiver<Parcel> receiver = Receiver.guarded();
        private final Sender<Parcel> sender = receiver.sender();
        private Sender<Parcel> fresh;

        public Guarded() {
            receiver.poll(waker);
        }

        @Actor
        public void holder(IIII_Result result) {
            result.r1 = Use.of(sender, 1);
        }

        @Actor
        public void owner(IIII_Result result) {
            result.r2 = receiver.abandon() ? 1 : 0;
            fresh = receiver.sender();
        }

        @Arbiter
        public void freshRound(IIII_Result result) {
            result.r3 = waker.wakes();
            Use.of(fresh, 2);
            result.r4 = Parcel.read(receiver.tryReceive());
        }
    }

    /**
     * A detached sender answers false to every use, also while a late one covers the mark in the slot. Outcomes: the
     * late send, abandon, a send after it.
     */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "Detached: both uses are refused.")
    @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "Consumed first: the second use throws.")
    @Outcome(expect = FORBIDDEN, desc = "A detached sender accepts or throws.")
    public static class Detached {
        private final Receiver<Parcel> receiver = new Receiver<>();
        private final Sender<Parcel> sender = receiver.sender();

        @Actor
        public void holder(III_Result result) {
            result.r1 = Use.of(sender, 1);
        }

        @Actor
        public void owner(III_Result result) {
            result.r2 = receiver.abandon() ? 1 : 0;
            result.r3 = Use.of(sender, 2);
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
                return Use.REFUSED;
            }
            return slot.getAndSet(new Parcel(content)) == null ? Use.DONE : Use.REFUSED;
        }

        private int receive() {
            return slot.getAndSet(null) instanceof Parcel parcel ? Parcel.read(parcel) : 0;
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
            result.r3 = Parcel.read(slot.get() instanceof Parcel ghost ? ghost : null);
            result.r4 = result.r3 == 0 && send(2) == Use.DONE ? receive() : 0;
        }
    }
}
