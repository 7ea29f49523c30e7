package io.multishot.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multishot.Receiver;
import io.multishot.ReplyQueue;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Hazard: a request becomes late while its reply comes, and its ticket is free too early, or never again; or the place
 * of a late request is left, and replies shift. And two Dekker pairs: a requester waits for room while the last slot is
 * freed, and a request is opened behind the back of a walk over the deadlines. ({@link WakeAgainstFlag} shows what
 * happens if such a pair does not store first and load then.)
 */
public class LateReplies {
    /** Outcomes: send, expire, and the requests that the only slot then has room for. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "In time.")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "Late; and the reply has come, so the ticket is free.")
    @Outcome(expect = FORBIDDEN, desc = "Two outcomes or none, or a ticket that is lost.")
    public static class FewBits {
        private final ReplyTable<Payload> table = ReplyTable.ofBits(8, 1);
        private final long ticket = table.open(Receiver.<Payload>recycling().sender(), 1);

        @Actor
        public void reply(III_Result result) {
            result.r1 = table.send(ticket, new Payload(1)) ? 1 : 0;
        }

        @Actor
        public void clock(III_Result result) {
            result.r2 = table.expire(1);
        }

        @Arbiter
        public void room(III_Result result) {
            while (table.open(Receiver.<Payload>recycling().sender()) != ReplyTable.NO_TICKET) {
                result.r3++;
            }
        }
    }

    /** Outcomes: the first send, expire, and the content that the second requester received. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0, 2", "0, 1, 2"},
            expect = ACCEPTABLE,
            desc = "In time or late, and the second requester has its own reply.")
    @Outcome(expect = FORBIDDEN, desc = "Two outcomes or none, or the replies have shifted.")
    public static class InOrder {
        private final ReplyQueue<Payload> queue = new ReplyQueue<>(2);
        private final Receiver<Payload> second = Receiver.recycling();

        /** Opens both requests. */
        public InOrder() {
            if (!queue.open(Receiver.<Payload>recycling().sender(), 1) || !queue.open(second.sender())) {
                throw new AssertionError("the queue has two places");
            }
        }

        @Actor
        public void replies(III_Result result) {
            result.r1 = queue.send(new Payload(1)) ? 1 : 0;
            if (!queue.send(new Payload(2))) {
                throw new AssertionError("the second request is in flight");
            }
        }

        @Actor
        public void clock(III_Result result) {
            result.r2 = queue.expire(1);
        }

        @Arbiter
        public void received(III_Result result) {
            result.r3 = Payload.read(second.tryReceive());
        }
    }

    /** Outcome: how often the waker was called. */
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Once.")
    @Outcome(expect = FORBIDDEN, desc = "A requester sleeps beside a free slot, or is called twice.")
    public static class Room {
        private final ReplyTable<Payload> table = new ReplyTable<>(1);
        private final long ticket = table.open(Receiver.<Payload>recycling().sender());
        private int calls;

        @Actor
        public void reply() {
            if (!table.send(ticket, new Payload(1))) {
                throw new AssertionError("the request is in flight");
            }
        }

        @Actor
        public void requester() {
            table.onRoom(() -> calls++);
        }

        @Arbiter
        public void woken(I_Result result) {
            result.r1 = calls;
        }
    }

    /** Outcomes: how many requests were late, and how long it is, at the second deadline, until there is a late one. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The second deadline is known.")
    @Outcome(expect = FORBIDDEN, desc = "A deadline is forgotten.")
    public static class Bound {
        private final ReplyTable<Payload> table = new ReplyTable<>(2);
        private final Sender<Payload> second = Receiver.<Payload>recycling().sender();

        /** Opens the first request. */
        public Bound() {
            if (table.open(Receiver.<Payload>recycling().sender(), 1) == ReplyTable.NO_TICKET) {
                throw new AssertionError("the table has two slots");
            }
        }

        @Actor
        public void clock(II_Result result) {
            result.r1 = table.expire(1);
        }

        @Actor
        public void requester() {
            if (table.open(second, 5) == ReplyTable.NO_TICKET) {
                throw new AssertionError("the table has two slots");
            }
        }

        @Arbiter
        public void bound(II_Result result) {
            result.r2 = (int) table.nanosUntilExpiry(5);
        }
    }
}
