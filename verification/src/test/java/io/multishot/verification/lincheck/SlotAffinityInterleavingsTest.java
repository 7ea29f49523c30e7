package io.multishot.verification.lincheck;

import static io.multishot.verification.lincheck.ReplyTableInterleavingsTest.checkRoom;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A slot stays reserved for a plain sender, until slots are scarce: its next request against all that may happen to it.
 */
@Tag("interleavings")
class SlotAffinityInterleavingsTest {
    private static final WakeCounter WAKER = new WakeCounter();

    /** Has this receiver's slot reserved for it. */
    private static long askOnce(ReplyTable<String> table, Receiver<String> receiver) {
        long ticket = table.open(receiver.sender());
        Require.that(table.send(ticket, "first"), "the first request is answered");
        Require.that(receiver.take().equals("first"), "and over");
        return ticket;
    }

    private static void answer(ReplyTable<String> table, long ticket, Receiver<String> receiver, String reply) {
        Require.that(table.send(ticket, reply), "the request is in flight");
        Require.that(receiver.take().equals(reply), "the reply is its own");
    }

    /** The one slot is reserved for the one, and all that is left for the other. */
    @Test
    void openInReservedSlotAgainstAnotherReceiver() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> mine = new Receiver<>();
            Receiver<String> theirs = new Receiver<>();
            long first = askOnce(table, mine);
            Sender<String> sender = mine.sender();
            Sender<String> other = theirs.sender();
            ScenarioThread<Long> opening = ScenarioThread.start(() -> table.open(other), table, mine, theirs);

            long ticket = table.open(sender);

            long others = opening.join();
            Require.that(ticket != first && others != first, "no ticket twice");
            Require.that(
                    (ticket == ReplyTable.NO_TICKET) != (others == ReplyTable.NO_TICKET), "one of them has the slot");
            checkRoom(table, 0);
            if (others == ReplyTable.NO_TICKET) {
                answer(table, ticket, mine, "mine");
            } else {
                answer(table, others, theirs, "theirs");
            }
            checkRoom(table, 1);
        });
    }

    /** The slot is reserved while another thread finds out that there is no other one. */
    @Test
    void claimAgainstScarcity() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> mine = new Receiver<>();
            Receiver<String> theirs = new Receiver<>();
            long first = table.open(mine.sender());
            Sender<String> other = theirs.sender();
            ScenarioThread<Long> opening = ScenarioThread.start(() -> table.open(other), table, mine, theirs);

            Require.that(table.send(first, "reply"), "the request is in flight");

            long others = opening.join();
            Require.that(mine.take().equals("reply"), "the reply has arrived");
            if (others != ReplyTable.NO_TICKET) {
                answer(table, others, theirs, "theirs");
            }
            checkRoom(table, 1);
        });
    }

    /**
     * Two slots are reserved, for senders that are idle, and two others look for one at once. One of them is done soon,
     * and slots may be reserved again by then, while the other one still gathers them.
     */
    @Test
    void twoReceiversFindTheReservedSlots() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(2);
            askOnce(table, new Receiver<>());
            askOnce(table, new Receiver<>());
            Receiver<String> mine = new Receiver<>();
            Receiver<String> theirs = new Receiver<>();
            Sender<String> sender = mine.sender();
            Sender<String> other = theirs.sender();
            ScenarioThread<Long> opening = ScenarioThread.start(() -> table.open(other), table, mine, theirs);

            long ticket = table.open(sender);
            Require.that(ticket != ReplyTable.NO_TICKET, "full is never said while a slot is reserved");
            answer(table, ticket, mine, "mine");

            long others = opening.join();
            Require.that(others != ReplyTable.NO_TICKET, "nor to the other one");
            checkRoom(table, 1);
            answer(table, others, theirs, "theirs");
            checkRoom(table, 2);
        });
    }

    /** The same, but these two are few among others in flight: then slots are scarce for good. */
    @Test
    void twoReceiversFindTheLastReservedSlots() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(8);
            for (int slot = 0; slot < 8; slot++) {
                long ticket = table.open(new Receiver<String>().sender());
                Require.that(slot < 6 || table.drop(ticket), "each slot is good for a request");
            }
            Sender<String> sender = new Receiver<String>().sender();
            Sender<String> other = new Receiver<String>().sender();
            ScenarioThread<Long> opening = ScenarioThread.start(() -> table.open(other), table, sender, other);

            long ticket = table.open(sender);

            long others = opening.join();
            Require.that(ticket != ReplyTable.NO_TICKET, "full is never said while a slot is reserved");
            Require.that(others != ReplyTable.NO_TICKET, "nor to the other one");
            checkRoom(table, 0);
        });
    }

    /** One of two slots is always free, but which one changes. */
    @Test
    void openAgainstAReservedSlotThatMoves() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(2);
            Receiver<String> idle = new Receiver<>();
            Receiver<String> asking = new Receiver<>();
            Receiver<String> mine = new Receiver<>();
            askOnce(table, idle);
            long held = table.open(asking.sender());
            Sender<String> again = idle.sender();
            Sender<String> sender = mine.sender();
            ScenarioThread<Long> moving = ScenarioThread.start(
                    () -> {
                        Require.that(table.drop(held), "the other slot is free");
                        return table.open(again);
                    },
                    table,
                    idle,
                    asking,
                    mine);

            long ticket = table.open(sender);

            long moved = moving.join();
            Require.that(ticket != ReplyTable.NO_TICKET, "full is never said while a slot is free");
            Require.that(moved != ReplyTable.NO_TICKET, "nor to the other one");
            answer(table, ticket, mine, "mine");
            answer(table, moved, idle, "theirs");
            checkRoom(table, 2);
        });
    }

    /** A late reply, while the same sender asks again in the same slot. */
    @Test
    void lateReplyAgainstTheNextRequest() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = new Receiver<>();
            long ticket = table.open(receiver.sender());
            ScenarioThread<Boolean> late = ScenarioThread.start(() -> table.send(ticket, "late"), table, receiver);

            boolean dropped = table.drop(ticket);
            if (dropped) {
                Require.that(receiver.poll(WAKER) == Poll.DROPPED, "given up");
                long next = table.open(receiver.sender());
                Require.that(next != ReplyTable.NO_TICKET && next != ticket, "its slot is reserved");
                Require.that(!late.join(), "too late");
                Require.that(receiver.poll(WAKER) == Poll.PENDING, "the next request is not touched");
                answer(table, next, receiver, "next");
            } else {
                Require.that(late.join(), "in time");
                Require.that(receiver.take().equals("late"), "the reply is there");
            }
            checkRoom(table, 1);
        });
    }

    /** Refused or failed, never left behind; and never told that the table is full. */
    @Test
    void closeAgainstOpenInReservedSlot() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = new Receiver<>();
            askOnce(table, receiver);
            Sender<String> sender = receiver.sender();
            ScenarioThread<Void> closing = ReplyTableCloseInterleavingsTest.closing(table, table, receiver);

            boolean opened = ReplyTableCloseInterleavingsTest.opens(table, sender);

            closing.join();
            Require.that(receiver.poll(WAKER) == (opened ? Poll.FAILED : Poll.PENDING), "nothing is left behind");
            Require.that(table.inFlight() == 0, "nothing is in flight");
        });
    }

    @Test
    void failAllAgainstOpenInReservedSlot() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = new Receiver<>();
            askOnce(table, receiver);
            Sender<String> sender = receiver.sender();
            ScenarioThread<Integer> failing =
                    ScenarioThread.start(() -> table.failAll(new Exception("gone")), table, receiver);

            long ticket = table.open(sender);
            boolean answered = table.send(ticket, "reply");

            Require.that(failing.join() == (answered ? 0 : 1), "failAll counts what it has failed");
            Require.that(receiver.poll(WAKER) == (answered ? Poll.READY : Poll.FAILED), "one outcome");
            checkRoom(table, 1);
        });
    }
}
