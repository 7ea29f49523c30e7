package io.multishot.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Hazard: the receiver finds no value and registers a waker, the sender finds no waker and publishes the value, and
 * both miss each other: a task sleeps though its value has arrived. Registration is a CAS on the very reference that
 * the sender exchanges, so one of the two sees the other. Hence PENDING implies woken.
 *
 * <p>Outcomes: what poll returned (0 PENDING, 1 READY), wakes, and the content received.
 */
public class WakeAgainstRegistration {
    private static final int PENDING = 0;
    private static final int READY = 1;

    @JCStressTest
    @State
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "Pending, then woken once.")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "Ready; no waker was registered.")
    @Outcome(expect = FORBIDDEN, desc = "The wake or the value is lost, or a waker is called that was not registered.")
    public static class FirstWaker {
        private final WakeCounter waker = new WakeCounter();
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();

        @Actor
        public void holder() {
            sender.send(new Payload(1));
        }

        @Actor
        public void owner(III_Result result) {
            result.r1 = receiver.poll(waker).ordinal();
        }

        @Arbiter
        public void account(III_Result result) {
            result.r2 = waker.calls();
            result.r3 = Payload.read(receiver.tryReceive());
        }
    }

    /** Outcomes: what poll returned, wakes of the first waker, wakes of the second. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "Pending: the second waker replaced the first, and is called.")
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "Ready: the first waker was called before it was replaced.")
    @Outcome(expect = FORBIDDEN, desc = "No waker, both, or the one that was replaced.")
    public static class OtherWaker {
        private final WakeCounter first = new WakeCounter();
        private final WakeCounter second = new WakeCounter();
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();

        public OtherWaker() {
            receiver.poll(first);
        }

        @Actor
        public void holder() {
            sender.send(new Payload(1));
        }

        @Actor
        public void owner(III_Result result) {
            result.r1 = receiver.poll(second).ordinal();
        }

        @Arbiter
        public void account(III_Result result) {
            result.r2 = first.calls();
            result.r3 = second.calls();
        }
    }

    /** The bug: registration loads, then stores. It overwrites a value that arrived in between. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 1, 1", "1, 0, 1"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedReadThenWrite {
        private static final VarHandle SLOT = ConstantBootstraps.fieldVarHandle(
                MethodHandles.lookup(), "slot", VarHandle.class, WeakenedReadThenWrite.class, Object.class);

        private final WakeCounter waker = new WakeCounter();
        private volatile Object slot;

        @Actor
        public void holder() {
            if (SLOT.getAndSet(this, new Payload(1)) instanceof WakeCounter registered) {
                registered.wake();
            }
        }

        @Actor
        public void owner(III_Result result) {
            if (slot == null) {
                slot = waker;
                result.r1 = PENDING;
            } else {
                result.r1 = READY;
            }
        }

        @Arbiter
        public void account(III_Result result) {
            result.r2 = waker.calls();
            result.r3 = slot instanceof Payload payload ? Payload.read(payload) : 0;
        }
    }

    /** The bug: value and waker have a slot each, and release and acquire do not keep a store before a later load. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 1, 1", "1, 0, 1", "1, 1, 1"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedTwoSlots {
        private static final VarHandle VALUE = ConstantBootstraps.fieldVarHandle(
                MethodHandles.lookup(), "value", VarHandle.class, WeakenedTwoSlots.class, Payload.class);
        private static final VarHandle WAKER = ConstantBootstraps.fieldVarHandle(
                MethodHandles.lookup(), "registered", VarHandle.class, WeakenedTwoSlots.class, WakeCounter.class);

        private final WakeCounter waker = new WakeCounter();
        private Payload value;
        private WakeCounter registered;

        @Actor
        public void holder() {
            VALUE.setRelease(this, new Payload(1));
            WakeCounter waiting = (WakeCounter) WAKER.getAcquire(this);
            if (waiting != null) {
                waiting.wake();
            }
        }

        @Actor
        public void owner(III_Result result) {
            WAKER.setRelease(this, waker);
            result.r1 = VALUE.getAcquire(this) == null ? PENDING : READY;
        }

        @Arbiter
        public void account(III_Result result) {
            result.r2 = waker.calls();
            result.r3 = Payload.read(value);
        }
    }
}
