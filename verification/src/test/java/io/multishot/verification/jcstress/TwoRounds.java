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
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Hazard: the receiver recycles the sender while the sender's thread is still inside the last call. An access of that
 * thread to the cell after its exchange would affect the next round. It makes none: its exchange returned the waiter.
 */
public class TwoRounds {
    @JCStressTest
    @State
    @Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "Both rounds, each with its value.")
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The holder did not see the second round in time.")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "The receiver did not see the first value in time.")
    @Outcome(expect = FORBIDDEN, desc = "A value was lost, duplicated, torn, or came in the wrong round.")
    public static class Recycled {
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();
        private volatile Sender<Payload> next;

        @Actor
        public void holder(III_Result result) {
            sender.send(new Payload(1));
            for (int i = 0; i < SpinLimit.LOADS; i++) {
                Sender<Payload> recycled = next;
                if (recycled != null) {
                    result.r3 = SendCode.send(recycled, 2);
                    return;
                }
            }
        }

        @Actor
        public void owner(III_Result result) {
            result.r1 = await();
            if (result.r1 != 0) {
                next = receiver.sender();
                result.r2 = await();
            }
        }

        private int await() {
            int content = 0;
            for (int i = 0; i < SpinLimit.LOADS && content == 0; i++) {
                content = Payload.read(receiver.tryReceive());
            }
            return content;
        }

        @Arbiter
        public void late(III_Result result) {
            if (result.r3 != 0 && result.r2 == 0) {
                result.r2 = Payload.read(receiver.tryReceive());
            }
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The second round's waker is called by the second round only.")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "The receiver did not see the first value in time.")
    @Outcome(expect = FORBIDDEN, desc = "The first round's sender took the second round's waker.")
    public static class LateWake {
        private final WakeCounter first = new WakeCounter();
        private final WakeCounter second = new WakeCounter();
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();
        private Sender<Payload> next;

        public LateWake() {
            receiver.poll(first);
        }

        @Actor
        public void holder() {
            sender.send(new Payload(1));
        }

        @Actor
        public void owner(III_Result result) {
            for (int i = 0; i < SpinLimit.LOADS && result.r1 == 0; i++) {
                result.r1 = Payload.read(receiver.tryReceive());
            }
            if (result.r1 != 0) {
                next = receiver.sender();
                receiver.poll(second);
            }
        }

        @Arbiter
        public void secondRound(III_Result result) {
            if (next != null) {
                result.r2 = second.calls();
                next.send(new Payload(2));
                result.r3 = second.calls() - result.r2;
            }
        }
    }

    /** The bug: the sender publishes the value, then accesses the cell once more for the waker. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0, 1", "0, 0, 0"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedLateWake {
        private final WakeCounter first = new WakeCounter();
        private final WakeCounter second = new WakeCounter();
        private final AtomicReference<Payload> slot = new AtomicReference<>();
        private final AtomicReference<WakeCounter> waker = new AtomicReference<>(first);
        private boolean recycled;

        private void send(int content) {
            slot.set(new Payload(content));
            WakeCounter registered = waker.getAndSet(null);
            if (registered != null) {
                registered.wake();
            }
        }

        @Actor
        public void holder() {
            send(1);
        }

        @Actor
        public void owner(III_Result result) {
            for (int i = 0; i < SpinLimit.LOADS && result.r1 == 0; i++) {
                result.r1 = Payload.read(slot.get());
            }
            if (result.r1 != 0) {
                recycled = true;
                slot.set(null);
                waker.set(second);
            }
        }

        @Arbiter
        public void secondRound(III_Result result) {
            if (recycled) {
                result.r2 = second.calls();
                send(2);
                result.r3 = second.calls() - result.r2;
            }
        }
    }
}
