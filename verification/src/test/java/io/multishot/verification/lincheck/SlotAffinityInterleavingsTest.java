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
 * A slot stays reserved for a recycled sender: its next request against everything that may happen to the slot. And
 * slots cease to stay reserved when none is free, and begin again when most are.
 */
@Tag("interleavings")
class SlotAffinityInterleavingsTest {
    private static final WakeCounter WAKER = new WakeCounter();

    /** Makes one request of this receiver, so that a slot stays reserved for it. */
    private static long requestOnce(ReplyTable<String> table, Receiver<String> receiver) {
        long ticket = table.open(receiver.sender());
        Require.that(table.send(ticket, "first"), "the first request is answered");
        Require.that(receiver.take().equals("first"), "and over");
        return ticket;
    }

    private static void answer(ReplyTable<String> table, long ticket, Receiver<String> receiver, String reply) {
        Require.that(table.send(ticket, reply), "the request is in flight");
        Require.that(receiver.take().equals(reply), "the reply is its own");
    }

    /** The only slot is reserved for one receiver, and the other one needs it, too. */
    @Test
    void openInReservedSlotAgainstAnotherReceiver() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> mine = Receiver.recycling();
            Receiver<String> theirs = Receiver.recycling();
            long first = requestOnce(table, mine);
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

    /** The slot is reserved while another thread finds that no slot is free. */
    @Test
    void claimAgainstScarcity() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> mine = Receiver.recycling();
            Receiver<String> theirs = Receiver.recycling();
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
     * Two slots are reserved for idle senders, and two others need one at the same time. One of them may finish while
     * the other one still gathers, and by then slots may stay reserved again.
     */
    @Test
    void twoReceiversFindTheReservedSlots() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(2);
            requestOnce(table, Receiver.recycling());
            requestOnce(table, Receiver.recycling());
            Receiver<String> mine = Receiver.recycling();
            Receiver<String> theirs = Receiver.recycling();
            Sender<String> sender = mine.sender();
            Sender<String> other = theirs.sender();
            ScenarioThread<Long> opening = ScenarioThread.start(() -> table.open(other), table, mine, theirs);

            long ticket = table.open(sender);
            Require.that(ticket != ReplyTable.NO_TICKET, "full is never reported while a slot is reserved");
            answer(table, ticket, mine, "mine");

            long others = opening.join();
            Require.that(others != ReplyTable.NO_TICKET, "nor to the other thread");
            checkRoom(table, 1);
            answer(table, others, theirs, "theirs");
            checkRoom(table, 2);
        });
    }

    /** The same, but these two are few among others in flight: then no slot stays reserved. */
    @Test
    void twoReceiversFindTheLastReservedSlots() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(8);
            for (int slot = 0; slot < 8; slot++) {
                long ticket = table.open(Receiver.<String>recycling().sender());
                Require.that(slot < 6 || table.drop(ticket), "each slot is good for a request");
            }
            Sender<String> sender = Receiver.<String>recycling().sender();
            Sender<String> other = Receiver.<String>recycling().sender();
            ScenarioThread<Long> opening = ScenarioThread.start(() -> table.open(other), table, sender, other);

            long ticket = table.open(sender);

            long others = opening.join();
            Require.that(ticket != ReplyTable.NO_TICKET, "full is never reported while a slot is reserved");
            Require.that(others != ReplyTable.NO_TICKET, "nor to the other thread");
            checkRoom(table, 0);
        });
    }

    /** One of two slots is always free, but which one changes. */
    @Test
    void openAgainstAReservedSlotThatMoves() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(2);
            Receiver<String> idle = Receiver.recycling();
            Receiver<String> asking = Receiver.recycling();
            Receiver<String> mine = Receiver.recycling();
            requestOnce(table, idle);
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
            Require.that(ticket != ReplyTable.NO_TICKET, "full is never reported while a slot is free");
            Require.that(moved != ReplyTable.NO_TICKET, "nor to the other thread");
            answer(table, ticket, mine, "mine");
            answer(table, moved, idle, "theirs");
            checkRoom(table, 2);
        });
    }

    /** A late reply, while the same sender is opened again in the same slot. */
    @Test
    void lateReplyAgainstTheNextRequest() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = Receiver.recycling();
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

    /** The request is refused or failed, never left behind; and full is never reported. */
    @Test
    void closeAgainstOpenInReservedSlot() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = Receiver.recycling();
            requestOnce(table, receiver);
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
            Receiver<String> receiver = Receiver.recycling();
            requestOnce(table, receiver);
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

    /**
     * Returns a table that was full, so that no slot stays reserved, and in which a few requests are still in flight.
     * The slot that is popped next is in a generation in which an open takes a sample.
     */
    private static ReplyTable<String> drained(int capacity, int inFlight) {
        ReplyTable<String> table = new ReplyTable<>(capacity);
        long[] tickets = new long[capacity];
        for (int i = 0; i < capacity; i++) {
            tickets[i] = table.open(Receiver.<String>recycling().sender());
        }
        Require.that(table.open(Receiver.<String>recycling().sender()) == ReplyTable.NO_TICKET, "the table is full");
        for (int i = inFlight; i < capacity; i++) {
            Require.that(table.drop(tickets[i]), "the request is in flight");
        }
        for (int generation = 2; generation < capacity; generation++) {
            openAndDrop(table, Receiver.<String>recycling().sender());
        }
        return table;
    }

    private static void openAndDrop(ReplyTable<String> table, Sender<String> sender) {
        long ticket = table.open(sender);
        Require.that(ticket != ReplyTable.NO_TICKET, "full is never reported while a slot is free");
        Require.that(table.drop(ticket), "the request is in flight");
    }

    /** Slots begin to stay reserved, and both slots do so, while a thread has found that none does. */
    @Test
    void openAgainstResumption() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = drained(2, 0);
            Sender<String> mine = Receiver.<String>recycling().sender();
            Sender<String> first = Receiver.<String>recycling().sender();
            Sender<String> second = Receiver.<String>recycling().sender();
            ScenarioThread<Void> resuming = ScenarioThread.start(
                    () -> {
                        openAndDrop(table, first);
                        openAndDrop(table, second);
                        return null;
                    },
                    table,
                    mine,
                    first,
                    second);

            long ticket = table.open(mine);

            resuming.join();
            Require.that(ticket != ReplyTable.NO_TICKET, "full is never reported while a slot is free");
            checkRoom(table, 1);
            Require.that(table.claim(ticket) == mine, "the request is in flight");
            checkRoom(table, 2);
        });
    }

    /** A slot that its sender got before the table was full is claimed while slots begin to stay reserved. */
    @Test
    void claimAgainstResumption() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(4);
            Receiver<String> receiver = Receiver.recycling();
            long held = table.open(receiver.sender());
            checkRoom(table, 3);
            checkRoom(table, 3);
            checkRoom(table, 3);
            Sender<String> other = Receiver.<String>recycling().sender();
            ScenarioThread<Long> resuming = ScenarioThread.start(() -> table.open(other), table, receiver, other);

            Require.that(table.send(held, "reply"), "the request is in flight");
            Require.that(receiver.take().equals("reply"), "the reply has arrived");
            long ticket = table.open(receiver.sender());

            long others = resuming.join();
            Require.that(ticket != ReplyTable.NO_TICKET && others != ReplyTable.NO_TICKET, "there is room");
            checkRoom(table, 2);
            answer(table, ticket, receiver, "again");
            Require.that(table.claim(others) == other, "the request is in flight");
            checkRoom(table, 4);
        });
    }

    /** A thread still gathers when another one has gathered, and slots have begun to stay reserved again. */
    @Test
    void gatheringAgainstResumption() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            requestOnce(table, Receiver.recycling());
            Sender<String> mine = Receiver.<String>recycling().sender();
            Receiver<String> theirs = Receiver.recycling();
            Sender<String> first = theirs.sender();
            ScenarioThread<Integer> resuming = ScenarioThread.start(
                    () -> {
                        int answered = table.drop(table.open(first)) ? 1 : 0;
                        Sender<String> next = theirs.trySender();
                        return answered + (next != null && table.drop(table.open(next)) ? 1 : 0);
                    },
                    table,
                    mine,
                    theirs);

            long ticket = table.open(mine);

            int others = resuming.join();
            Require.that(ticket != ReplyTable.NO_TICKET || others > 0, "one of them has the slot");
            Require.that(ticket == ReplyTable.NO_TICKET || table.claim(ticket) == mine, "the request is in flight");
            checkRoom(table, 1);
        });
    }

    /**
     * Slots begin and cease to stay reserved while a thread has found that none does. At each moment one of eight is
     * reserved or free: two, when all others are in flight.
     */
    @Test
    void openAgainstResumptionAndTheNextGathering() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = drained(8, 3);
            Sender<String>[] senders = senders(6);
            Sender<String> mine = Receiver.<String>recycling().sender();
            ScenarioThread<Void> resuming = ScenarioThread.start(
                    () -> {
                        for (int i = 0; i < 3; i++) {
                            Require.that(table.open(senders[i]) != ReplyTable.NO_TICKET, "there is room");
                        }
                        openAndDrop(table, senders[3]);
                        openAndDrop(table, senders[4]);
                        Require.that(table.open(senders[5]) != ReplyTable.NO_TICKET, "there is room");
                        return null;
                    },
                    table,
                    senders,
                    mine);

            long ticket = table.open(mine);

            resuming.join();
            Require.that(ticket != ReplyTable.NO_TICKET, "full is never reported while a slot is free");
            checkRoom(table, 0);
        });
    }

    @SuppressWarnings("unchecked")
    private static Sender<String>[] senders(int count) {
        Sender<String>[] senders = new Sender[count];
        for (int i = 0; i < count; i++) {
            senders[i] = Receiver.<String>recycling().sender();
        }
        return senders;
    }
}
