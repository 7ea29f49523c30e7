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
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Hazard: the sender reaches its holder through a plain field, a data race. The holder may see none of the receiver's
 * writes, yet no use may crash or throw, and no value may be lost. A new cell is open because "open" is null, the
 * initial value of a field. A recycled one is open because a fence keeps the opening store before the racy one.
 *
 * <p>What x86 can show: stores that the code or the JIT compiler puts in the wrong order. The processor keeps the
 * order.
 *
 * <p>Outcomes: the result of the use (1 true, 2 threw, 3 no sender seen), and the content received.
 */
public class RacySender {
    @JCStressTest
    @State
    @Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "The holder did not see the sender.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The value arrived.")
    @Outcome(expect = FORBIDDEN, desc = "A use of a live sender failed, or its value is lost.")
    public static class FirstCell {
        private final Receiver<Payload> receiver = Receiver.recycling();
        private Sender<Payload> shared;

        @Actor
        public void owner() {
            shared = receiver.sender();
        }

        @Actor
        public void holder(II_Result result) {
            Sender<Payload> racy = shared;
            result.r1 = racy == null ? SendCode.NO_SENDER : SendCode.send(racy, 1);
        }

        @Arbiter
        public void received(II_Result result) {
            result.r2 = Payload.read(receiver.tryReceive());
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "The holder did not see the sender.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The value arrived.")
    @Outcome(expect = FORBIDDEN, desc = "A use of a live sender failed, or its value is lost.")
    public static class RecycledCell {
        private final Receiver<Payload> receiver = Receiver.recycling();
        private Sender<Payload> shared;

        public RecycledCell() {
            receiver.sender().send(new Payload(7));
            receiver.take();
        }

        @Actor
        public void owner() {
            shared = receiver.sender();
        }

        @Actor
        public void holder(II_Result result) {
            Sender<Payload> racy = shared;
            result.r1 = racy == null ? SendCode.NO_SENDER : SendCode.send(racy, 1);
        }

        @Arbiter
        public void received(II_Result result) {
            result.r2 = Payload.read(receiver.tryReceive());
        }
    }

    /** A safe cell has a second field, the claim, which must also be found at its initial value. */
    @JCStressTest
    @State
    @Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "The holder did not see the sender.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The value arrived.")
    @Outcome(expect = FORBIDDEN, desc = "A use of a live sender failed, or its value is lost.")
    public static class SafeCell {
        private final Receiver<Payload> receiver = new Receiver<>();
        private Sender<Payload> shared;

        @Actor
        public void owner() {
            shared = receiver.sender();
        }

        @Actor
        public void holder(II_Result result) {
            Sender<Payload> racy = shared;
            result.r1 = racy == null ? SendCode.NO_SENDER : SendCode.send(racy, 1);
        }

        @Arbiter
        public void received(II_Result result) {
            result.r2 = Payload.read(receiver.tryReceive());
        }
    }

    /** The bug: the cell is handed out, then opened. */
    @JCStressTest
    @State
    @Outcome(
            id = {"3, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "2, 0", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedOpen {
        private final Cell cell = new Cell();
        private Cell shared;

        @Actor
        public void owner() {
            shared = cell;
            cell.slot = null;
        }

        @Actor
        public void holder(II_Result result) {
            Cell racy = shared;
            result.r1 = racy == null ? SendCode.NO_SENDER : racy.use(1);
        }

        @Arbiter
        public void received(II_Result result) {
            result.r2 = cell.slot instanceof Payload payload ? Payload.read(payload) : 0;
        }

        private static final class Cell {
            private volatile Object slot = "taken";

            private int use(int content) {
                if (slot != null) {
                    return SendCode.THREW;
                }
                slot = new Payload(content);
                return SendCode.DONE;
            }
        }
    }
}
