package io.multishot.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.verification.WakeCounter;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Hazard: one side sees the reference before it sees what the other side wrote. The channel orders both directions: the
 * sender's exchange releases the value's content, and the receiver's opening store releases what it did with the last
 * value to the thread that finds the cell open.
 *
 * <p>What x86 can show: stores that the code or the JIT compiler puts in the wrong order. It cannot show a missing
 * acquire, because the processor never reorders loads.
 */
public class Publication {
    @JCStressTest
    @State
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "The receiver polled first.")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The value, and its content.")
    @Outcome(expect = FORBIDDEN, desc = "A value without its content.")
    public static class ToReceiver {
        private final Waker waker = new WakeCounter();
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();

        @Actor
        public void holder() {
            sender.send(new Payload(1));
        }

        @Actor
        public void owner(I_Result result) {
            result.r1 = receiver.poll(waker) == Poll.READY ? Payload.read(receiver.take()) : 0;
        }
    }

    /**
     * The holder keeps the sender and uses it again until it finds it recycled. That is misuse, and the strictest test
     * of this happens-before edge: nothing but the cell carries it.
     */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The cell was not recycled in time.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Recycled, and what came before that is visible.")
    @Outcome(expect = FORBIDDEN, desc = "The next round is visible before what the receiver did between the rounds.")
    public static class ToHolder {
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();
        private int note;

        @Actor
        public void holder(II_Result result) {
            sender.send(new Payload(1));
            for (int i = 0; i < SpinLimit.SENDS && result.r1 == 0; i++) {
                if (SendCode.send(sender, 2) == SendCode.DONE) {
                    result.r1 = 1;
                    result.r2 = note;
                }
            }
        }

        @Actor
        public void owner() {
            for (int i = 0; i < SpinLimit.LOADS; i++) {
                if (receiver.tryReceive() != null) {
                    note = 1;
                    receiver.sender();
                    return;
                }
            }
        }
    }

    /** The bug: the value is published, then written. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0", "1"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "-1", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedToReceiver {
        private volatile Payload slot;

        @Actor
        public void holder() {
            Payload payload = new Payload();
            slot = payload;
            payload.fill(1);
        }

        @Actor
        public void owner(I_Result result) {
            result.r1 = Payload.read(slot);
        }
    }

    /** The bug: the cell is opened, then the receiver finishes what it does between the rounds. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedToHolder {
        private volatile boolean open;
        private int note;

        @Actor
        public void holder(II_Result result) {
            if (open) {
                result.r1 = 1;
                result.r2 = note;
            }
        }

        @Actor
        public void owner() {
            open = true;
            note = 1;
        }
    }
}
