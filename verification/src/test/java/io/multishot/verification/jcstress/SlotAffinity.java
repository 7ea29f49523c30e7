package io.multishot.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Hazard: a claim leaves its slot reserved while another thread gathers the reserved slots, and each misses the other.
 * So both store first, and load then. ({@link WakeAgainstFlag} shows what happens otherwise.) A slot that stays
 * reserved keeps its sender; a late reply may read that, but not use it. And slots may begin to stay reserved while an
 * open searches for a free one.
 */
public class SlotAffinity {
    /**
     * A late reply, and the next request of the same sender in its slot. Outcomes: late send, drop, the content
     * received last.
     */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "Too late, and the next request has its own reply.")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "In time; there is no next request.")
    @Outcome(expect = FORBIDDEN, desc = "A late reply has touched the next request.")
    public static class NextRequest {
        private final ReplyTable<Payload> table = new ReplyTable<>(1);
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final long ticket = table.open(receiver.sender());
        private long next;

        @Actor
        public void late(III_Result result) {
            result.r1 = table.send(ticket, new Payload(1)) ? 1 : 0;
        }

        @Actor
        public void requester(III_Result result) {
            if (table.drop(ticket)) {
                result.r2 = 1;
                next = table.open(receiver.sender());
            }
        }

        @Arbiter
        public void last(III_Result result) {
            Payload ghost = result.r2 == 1 ? receiver.tryReceive() : null;
            if (ghost == null && (result.r2 == 0 || table.send(next, new Payload(2)))) {
                result.r3 = Payload.read(receiver.tryReceive());
            }
        }
    }

    /**
     * The one slot is claimed while another receiver wants it. Outcomes: whether that got it, and the slots there are
     * then.
     */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "In time or not, and the slot is there.")
    @Outcome(expect = FORBIDDEN, desc = "The slot is lost, or two requests have it.")
    public static class Scarce {
        private final ReplyTable<Payload> table = new ReplyTable<>(1);
        private final long ticket = table.open(Receiver.<Payload>recycling().sender());
        private final Sender<Payload> other = Receiver.<Payload>recycling().sender();
        private long others;

        @Actor
        public void responder() {
            if (!table.send(ticket, new Payload(1))) {
                throw new AssertionError("the request is in flight");
            }
        }

        @Actor
        public void requester(II_Result result) {
            others = table.open(other);
            result.r1 = others == ReplyTable.NO_TICKET ? 0 : 1;
        }

        @Arbiter
        public void room(II_Result result) {
            if (others == ReplyTable.NO_TICKET || table.drop(others)) {
                while (table.open(Receiver.<Payload>recycling().sender()) != ReplyTable.NO_TICKET) {
                    result.r2++;
                }
            }
        }
    }

    /**
     * Slots begin to stay reserved, and both slots do so, while another receiver needs one. Outcomes: whether that got
     * one, and the slots that are free then.
     */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It has one slot, and the other one is free.")
    @Outcome(expect = FORBIDDEN, desc = "Full is reported while a slot is free, or a slot is lost.")
    public static class Resumed {
        private final ReplyTable<Payload> table = new ReplyTable<>(2);
        private final Receiver<Payload> first = Receiver.recycling();
        private final Receiver<Payload> second = Receiver.recycling();
        private final Sender<Payload> other = Receiver.<Payload>recycling().sender();

        /** Fills the table, so that no slot stays reserved, and drains it. */
        public Resumed() {
            long one = table.open(first.sender());
            long two = table.open(second.sender());
            if (table.open(other) != ReplyTable.NO_TICKET || !table.drop(one) || !table.drop(two)) {
                throw new AssertionError("the table has two slots");
            }
        }

        @Actor
        public void requester() {
            if (!table.drop(table.open(first.sender())) || !table.drop(table.open(second.sender()))) {
                throw new AssertionError("at most one slot is in use elsewhere");
            }
        }

        @Actor
        public void otherRequester(II_Result result) {
            result.r1 = table.open(other) == ReplyTable.NO_TICKET ? 0 : 1;
        }

        @Arbiter
        public void room(II_Result result) {
            while (table.open(Receiver.<Payload>recycling().sender()) != ReplyTable.NO_TICKET) {
                result.r2++;
            }
        }
    }
}
