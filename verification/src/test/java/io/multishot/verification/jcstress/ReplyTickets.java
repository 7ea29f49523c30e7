package io.multishot.verification.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import java.util.concurrent.atomic.AtomicLongArray;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Hazard: a reply finds its ticket in a slot, and acts when the slot already belongs to another request; or two replies
 * both find it. So the check is the claim: one CAS that expects the ticket.
 */
public class ReplyTickets {
    /** The first ticket of a table with one slot: generation 1, and two bits of index. */
    static final long FIRST = 4;

    /** Two replies. Outcomes: what each returned, and the content received. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0, 1", "0, 1, 2"},
            expect = ACCEPTABLE,
            desc = "One is accepted.")
    @Outcome(expect = FORBIDDEN, desc = "Both or none are accepted, or the wrong one received.")
    public static class Duplicate {
        private final ReplyTable<Payload> table = new ReplyTable<>(1);
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final long ticket = table.open(receiver.sender());

        @Actor
        public void one(III_Result result) {
            result.r1 = table.send(ticket, new Payload(1)) ? 1 : 0;
        }

        @Actor
        public void two(III_Result result) {
            result.r2 = table.send(ticket, new Payload(2)) ? 1 : 0;
        }

        @Arbiter
        public void received(III_Result result) {
            result.r3 = Payload.read(receiver.tryReceive());
        }
    }

    /**
     * A late reply and the next owner of the slot. Outcomes: late send, drop, the content that the next one received.
     */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "Too late, and the next request has its own reply.")
    @Outcome(
            id = {"1, 0, 2", "1, 0, -9"},
            expect = ACCEPTABLE,
            desc = "In time; the next request finds the slot free, or not yet.")
    @Outcome(expect = FORBIDDEN, desc = "A late reply has touched the next request.")
    public static class NextOwner {
        private static final int FULL = -9;

        private final ReplyTable<Payload> table = new ReplyTable<>(1);
        private final long ticket = table.open(Receiver.<Payload>recycling().sender());
        private final Receiver<Payload> next = Receiver.recycling();
        private long nextTicket;

        @Actor
        public void late(III_Result result) {
            result.r1 = table.send(ticket, new Payload(1)) ? 1 : 0;
        }

        @Actor
        public void requester(III_Result result) {
            result.r2 = table.drop(ticket) ? 1 : 0;
            nextTicket = table.open(next.sender());
        }

        @Arbiter
        public void nextReply(III_Result result) {
            Payload ghost = next.tryReceive();
            if (nextTicket == ReplyTable.NO_TICKET) {
                result.r3 = ghost == null ? FULL : Payload.read(ghost);
            } else if (ghost == null && table.send(nextTicket, new Payload(2))) {
                result.r3 = Payload.read(next.tryReceive());
            }
        }
    }

    /**
     * What came before open is visible to the thread that claims, even if nothing else orders the two. Outcomes:
     * whether the claim found the request, and the content.
     */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Not opened yet.")
    @Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "Found, and the question is whole.")
    @Outcome(expect = FORBIDDEN, desc = "The question is torn.")
    public static class QuestionVisible {
        private final ReplyTable<Payload> table = new ReplyTable<>(1);
        private final Sender<Payload> sender = Receiver.<Payload>recycling().sender();
        private Payload question;

        @Actor
        public void requester() {
            question = new Payload(7);
            if (table.open(sender) != FIRST) {
                throw new AssertionError("not the first ticket");
            }
        }

        @Actor
        public void responder(II_Result result) {
            if (table.claim(FIRST) != null) {
                result.r1 = 1;
                result.r2 = Payload.read(question);
            }
        }
    }

    /**
     * A request is opened while the table is closed. Outcomes: open (1 done, 0 refused), the receiver (1 failed, 0
     * pending).
     */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Opened, and failed by close.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Refused.")
    @Outcome(expect = FORBIDDEN, desc = "Left behind, or failed though it was refused.")
    public static class Closed {
        private final ReplyTable<Payload> table = new ReplyTable<>(1);
        private final Receiver<Payload> receiver = Receiver.recycling();
        private final Sender<Payload> sender = receiver.sender();

        @Actor
        public void requester(II_Result result) {
            try {
                result.r1 = table.open(sender) == FIRST ? 1 : -1;
            } catch (IllegalStateException refused) {
                result.r1 = 0;
            }
        }

        @Actor
        public void closer() {
            table.close();
        }

        @Arbiter
        public void left(II_Result result) {
            result.r2 = switch (receiver.poll(() -> {})) {
                case FAILED -> 1;
                case PENDING -> 0;
                default -> -1;
            };
        }
    }

    /** The bug: the claim loads, then stores. Outcomes: what the two replies returned. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen.")
    public static class WeakenedDuplicate {
        private final AtomicLongArray words = new AtomicLongArray(new long[] {FIRST});

        private int claim() {
            if (words.get(0) != FIRST) {
                return 0;
            }
            words.set(0, FIRST + 1);
            return 1;
        }

        @Actor
        public void one(II_Result result) {
            result.r1 = claim();
        }

        @Actor
        public void two(II_Result result) {
            result.r2 = claim();
        }
    }

    /** The bug: open loads whether the table is closed, then stores. Outcomes: open, what close found and failed. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 1", "0, 0"},
            expect = ACCEPTABLE,
            desc = "As it should be.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "The bug is seen: opened, and left behind.")
    public static class WeakenedClosed {
        private static final long VACANT = 5;
        private static final long CLOSED = 1;

        private final AtomicLongArray words = new AtomicLongArray(new long[] {VACANT});
        private int failed;

        @Actor
        public void requester(II_Result result) {
            if (words.get(0) != CLOSED) {
                words.set(0, FIRST);
                result.r1 = 1;
            }
        }

        @Actor
        public void closer() {
            if (words.getAndSet(0, CLOSED) == FIRST) {
                failed = 1;
            }
        }

        @Arbiter
        public void left(II_Result result) {
            result.r2 = failed;
        }
    }
}
