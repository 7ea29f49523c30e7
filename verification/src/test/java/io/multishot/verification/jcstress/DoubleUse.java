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
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Hazard: two threads use one sender at the same time. Each level of protection makes its own promise. With a recycling
 * receiver at least one use throws, and the value is one of the two, complete. With a safe receiver, and with every
 * receiver if assertions are enabled, exactly one use succeeds, and its value stands.
 *
 * <p>Outcomes: the result of each use (1 true, 0 false, 2 threw), and the content that was received.
 */
public class DoubleUse {
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2, 1", "2, 1, 2"},
            expect = ACCEPTABLE,
            desc = "One throws, the other's value stands.")
    @Outcome(
            id = {"1, 2, 2", "2, 1, 1"},
            expect = ACCEPTABLE,
            desc = "Both loads found it open: one throws, and yet its value stands. One exchange can do no better.")
    @Outcome(expect = FORBIDDEN, desc = "Neither threw, neither succeeded, or the value is lost or torn.")
    public static class Recycling {
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();

        @Actor
        public void one(III_Result result) {
            result.r1 = SendCode.send(sender, 1);
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = SendCode.send(sender, 2);
        }

        @Arbiter
        public void received(III_Result result) {
            result.r3 = Payload.read(receiver.tryReceive());
        }
    }

    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2, 1", "2, 1, 2"},
            expect = ACCEPTABLE,
            desc = "Exactly one succeeds, and its value stands.")
    @Outcome(expect = FORBIDDEN, desc = "Not exactly one success, or not its value.")
    public static class Safe {
        private final Receiver<Payload> receiver = new Receiver<>();
        private final Sender<Payload> sender = receiver.sender();

        @Actor
        public void one(III_Result result) {
            result.r1 = SendCode.send(sender, 1);
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = SendCode.send(sender, 2);
        }

        @Arbiter
        public void received(III_Result result) {
            result.r3 = Payload.read(receiver.tryReceive());
        }
    }

    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2, 1", "2, 1, 2"},
            expect = ACCEPTABLE,
            desc = "Exactly one succeeds, and its value stands.")
    @Outcome(expect = FORBIDDEN, desc = "Not exactly one success, or not its value.")
    public static class Checked {
        static {
            CheckedLevel.enable();
        }

        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();

        @Actor
        public void one(III_Result result) {
            result.r1 = SendCode.send(sender, 1);
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = SendCode.send(sender, 2);
        }

        @Arbiter
        public void received(III_Result result) {
            result.r3 = Payload.read(receiver.tryReceive());
        }
    }

    /** The bug: the cell is loaded, then stored to, in two steps. It breaks even the promise of the recycling level. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2, 1", "2, 1, 2"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(
            id = {"1, 1, 1", "1, 1, 2"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "The bug is seen.")
    public static class WeakenedRecycling {
        private volatile Payload slot;

        private int use(int content) {
            if (slot != null) {
                return SendCode.THREW;
            }
            slot = new Payload(content);
            return SendCode.DONE;
        }

        @Actor
        public void one(III_Result result) {
            result.r1 = use(1);
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = use(2);
        }

        @Arbiter
        public void received(III_Result result) {
            result.r3 = Payload.read(slot);
        }
    }

    /** The bug: an exchange instead of the compare-and-set, so the loser's value replaces the winner's. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2, 1", "2, 1, 2"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(
            id = {"1, 2, 2", "2, 1, 1"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "The bug is seen.")
    public static class WeakenedSafe {
        private final AtomicReference<Payload> slot = new AtomicReference<>();

        private int use(int content) {
            if (slot.get() != null) {
                return SendCode.THREW;
            }
            return slot.getAndSet(new Payload(content)) == null ? SendCode.DONE : SendCode.THREW;
        }

        @Actor
        public void one(III_Result result) {
            result.r1 = use(1);
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = use(2);
        }

        @Arbiter
        public void received(III_Result result) {
            result.r3 = Payload.read(slot.get());
        }
    }
}
