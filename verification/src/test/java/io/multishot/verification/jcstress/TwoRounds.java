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
 * Hazard: the receiver recycles the sender while the sender's thread is still inside the last call. Whatever that
 * thread does to the cell after its exchange, it does to the next round. It does nothing: the waiter to wake came back
 * from the exchange.
 */
public class TwoRounds {
    @JCStressTest
    @State
    @Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "Both rounds, each with its value.")
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The holder did not see the second round in time.")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "The receiver did not see the first value in time.")
    @Outcome(expect = FORBIDDEN, desc = "A value was lost, doubled, torn, or came in the wrong round.")
    public static class Recycled {
        private final Receiver<Parcel> receiver = new Receiver<>();
        private final Sender<Parcel> sender = receiver.sender();
        private volatile Sender<Parcel> next;

        @Actor
        public void holder(III_Result result) {
            sender.send(new Parcel(1));
            for (int i = 0; i < Patience.LOOKS; i++) {
                Sender<Parcel> recycled = next;
                if (recycled != null) {
                    result.r3 = Use.of(recycled, 2);
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
            for (int i = 0; i < Patience.LOOKS && content == 0; i++) {
                content = Parcel.read(receiver.tryReceive());
            }
            return content;
        }

        @Arbiter
        public void late(III_Result result) {
            if (result.r3 != 0 && result.r2 == 0) {
                result.r2 = Parcel.read(receiver.tryReceive());
            }
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The second round's waker is called by the second round only.")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "The receiver did not see the first value in time.")
    @Outcome(expect = FORBIDDEN, desc = "The first round's sender took the second round's waker.")
    public static class LateWake {
        private final Tally first = new Tally();
        private final Tally second = new Tally();
        private final Receiver<Parcel> receiver = new Receiver<>();
        private final Sender<Parcel> sender = receiver.sender();
        private Sender<Parcel> next;

        public LateWake() {
            receiver.poll(first);
        }

        @Actor
        public void holder() {
            sender.send(new Parcel(1));
        }

        @Actor
        public void owner(III_Result result) {
            for (int i = 0; i < Patience.LOOKS && result.r1 == 0; i++) {
                result.r1 = Parcel.read(receiver.tryReceive());
            }
            if (result.r1 != 0) {
                next = receiver.sender();
                receiver.poll(second);
            }
        }

        @Arbiter
        public void secondRound(III_Result result) {
            if (next != null) {
                result.r2 = second.wakes();
                next.send(new Parcel(2));
                result.r3 = second.wakes() - result.r2;
            }
        }
    }

    /** The bug: the sender publishes the value, then comes back to the cell for the waker. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0, 1", "0, 0, 0"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedLateWake {
        private final Tally first = new Tally();
        private final Tally second = new Tally();
        private final AtomicReference<Parcel> slot = new AtomicReference<>();
        private final AtomicReference<Tally> waker = new AtomicReference<>(first);
        private boolean recycled;

        private void send(int content) {
            slot.set(new Parcel(content));
            Tally registered = waker.getAndSet(null);
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
            for (int i = 0; i < Patience.LOOKS && result.r1 == 0; i++) {
                result.r1 = Parcel.read(slot.get());
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
                result.r2 = second.wakes();
                send(2);
                result.r3 = second.wakes() - result.r2;
            }
        }
    }
}
