package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tables of few bits: the ticket of a request that is given up is out of use until its reply has come, and then it is
 * free, whichever came first. And tickets that the caller chooses.
 */
@Tag("interleavings")
class ReplyQuarantineInterleavingsTest {
    private static final Exception CAUSE = new Exception("gone");
    private static final WakeCounter WAKER = new WakeCounter();
    private static final long DEADLINE = 10;
    private static final long LONG_AFTER = 1_000_000_000_000L;

    /** The ways to give a request up through the table. */
    enum GiveUp {
        DROP(Poll.DROPPED) {
            @Override
            boolean of(ReplyTable<String> table, long ticket) {
                return table.drop(ticket);
            }
        },
        EXPIRE(Poll.FAILED) {
            @Override
            boolean of(ReplyTable<String> table, long ticket) {
                return table.expire(DEADLINE) == 1;
            }
        };

        final Poll outcome;

        GiveUp(Poll outcome) {
            this.outcome = outcome;
        }

        abstract boolean of(ReplyTable<String> table, long ticket);
    }

    /** Requires that the table has exactly this many free slots, and no orphans. */
    static void checkRoom(ReplyTable<String> table, int free) {
        Require.that(table.orphans() == 0, "no ticket is out of use");
        long[] tickets = new long[free];
        for (int i = 0; i < free; i++) {
            tickets[i] = table.open(new Receiver<String>().sender());
            Require.that(tickets[i] != ReplyTable.NO_TICKET, "a slot is free again");
        }
        Require.that(table.open(new Receiver<String>().sender()) == ReplyTable.NO_TICKET, "no slot is free twice");
        for (long ticket : tickets) {
            Require.that(table.send(ticket, "reply"), "the request is in flight");
        }
    }

    private static ScenarioThread<Boolean> replying(ReplyTable<String> table, long ticket, Object... shared) {
        return ScenarioThread.start(() -> table.send(ticket, "late"), table, shared);
    }

    /** The only reply arrives while the request is given up: whichever wins, the ticket is free. */
    @ParameterizedTest
    @EnumSource
    void replyAgainstGivingUp(GiveUp way) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofBits(8, 1);
            Receiver<String> receiver = Receiver.recycling();
            long ticket = table.open(receiver.sender(), DEADLINE);
            ScenarioThread<Boolean> replying = replying(table, ticket, receiver);

            boolean gaveUp = way.of(table, ticket);

            Require.that(replying.join() != gaveUp, "answered or given up, never both, never neither");
            Require.that(receiver.poll(WAKER) == (gaveUp ? way.outcome : Poll.READY), "the outcome is the winner's");
            Require.that(table.refused() == (gaveUp ? 1 : 0), "a late reply is counted");
            checkRoom(table, 1);
        });
    }

    /** The same for an error that the peer replies. */
    @ParameterizedTest
    @EnumSource
    void errorAgainstGivingUp(GiveUp way) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofBits(8, 1);
            Receiver<String> receiver = new Receiver<>();
            long ticket = table.open(receiver.sender(), DEADLINE);
            ScenarioThread<Boolean> failing = ScenarioThread.start(() -> table.fail(ticket, CAUSE), table, receiver);

            boolean gaveUp = way.of(table, ticket);

            Require.that(failing.join() != gaveUp, "failed or given up, never both, never neither");
            checkRoom(table, 1);
        });
    }

    /** An open of a full table puts the ticket of a request whose receiver left out of use, while its reply arrives. */
    @ParameterizedTest
    @EnumSource
    void replyAgainstReclaim(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofBits(8, 1);
            Receiver<String> left = kind.receiver();
            long ticket = table.open(left.sender());
            left.abandon();
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> replying = replying(table, ticket, left, receiver);

            long next = table.open(sender);

            Require.that(!replying.join(), "nobody wants the late reply");
            Require.that(receiver.poll(WAKER) == Poll.PENDING, "the next request is not touched");
            Require.that(next != ticket, "no ticket twice");
            Require.that(next == ReplyTable.NO_TICKET || table.send(next, "next"), "the next request has the slot");
            checkRoom(table, 1);
        });
    }

    /** No request gets the slot before the reply has come, though others look for one. */
    @Test
    void openAgainstGivingUp() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofBits(8, 1);
            Receiver<String> receiver = new Receiver<>();
            long ticket = table.open(receiver.sender());
            Sender<String> sender = new Receiver<String>().sender();
            ScenarioThread<Long> opening = ScenarioThread.start(() -> table.open(sender), table, sender);

            Require.that(table.drop(ticket), "nobody else ends the request");

            Require.that(opening.join() == ReplyTable.NO_TICKET, "the ticket is out of use");
            Require.that(!table.send(ticket, "late"), "the late reply is refused");
            checkRoom(table, 1);
        });
    }

    /** The late reply and releaseOrphans free the ticket once, and not the next request's. */
    @Test
    void lateReplyAgainstReleaseAndTheNextRequest() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofBits(8, 1);
            Receiver<String> receiver = new Receiver<>();
            long ticket = table.open(receiver.sender());
            Require.that(table.drop(ticket), "nobody else ends the request");
            Receiver<String> nextReceiver = new Receiver<>();
            Sender<String> sender = nextReceiver.sender();
            ScenarioThread<Boolean> replying = replying(table, ticket, receiver, nextReceiver);

            int released = table.releaseOrphans(System.nanoTime() + LONG_AFTER);
            long next = table.open(sender);

            Require.that(!replying.join(), "the late reply is refused");
            Require.that(table.refused() == 1, "and counted");
            Require.that(released <= 1, "one orphan");
            Require.that(released == 0 || next != ReplyTable.NO_TICKET, "the slot is free");
            Require.that(nextReceiver.poll(WAKER) == Poll.PENDING, "the next request is not touched");
            if (next != ReplyTable.NO_TICKET) {
                checkRoom(table, 0);
                Require.that(table.send(next, "next"), "the next request is in flight");
            }
            checkRoom(table, 1);
        });
    }

    /** A duplicate of the late reply finds the next request in the slot: it has another ticket. */
    @Test
    void twoLateRepliesAgainstTheNextRequest() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofBits(8, 1);
            Receiver<String> receiver = new Receiver<>();
            long ticket = table.open(receiver.sender());
            Require.that(table.drop(ticket), "nobody else ends the request");
            Receiver<String> nextReceiver = new Receiver<>();
            Sender<String> sender = nextReceiver.sender();
            ScenarioThread<Boolean> replying = replying(table, ticket, receiver, nextReceiver);
            ScenarioThread<Boolean> duplicate = replying(table, ticket, receiver, nextReceiver);

            long next = table.open(sender);

            Require.that(!replying.join() && !duplicate.join(), "late replies are refused");
            Require.that(nextReceiver.poll(WAKER) == Poll.PENDING, "the next request is not touched");
            if (next != ReplyTable.NO_TICKET) {
                checkRoom(table, 0);
                Require.that(table.send(next, "next"), "the next request is in flight");
            }
            checkRoom(table, 1);
        });
    }

    /** No reply comes after failAll, so it leaves no ticket out of use, whatever is given up meanwhile. */
    @ParameterizedTest
    @EnumSource
    void failAllAgainstGivingUp(GiveUp way) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofBits(8, 1);
            Receiver<String> receiver = new Receiver<>();
            long ticket = table.open(receiver.sender(), DEADLINE);
            ScenarioThread<Integer> failing = ScenarioThread.start(() -> table.failAll(CAUSE), table, receiver);

            boolean gaveUp = way.of(table, ticket);

            Require.that(failing.join() == (gaveUp ? 0 : 1), "failed or given up");
            checkRoom(table, 1);
        });
    }

    @Test
    void failAllAgainstALateReply() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofBits(8, 1);
            Receiver<String> receiver = new Receiver<>();
            long ticket = table.open(receiver.sender());
            Require.that(table.drop(ticket), "nobody else ends the request");
            ScenarioThread<Boolean> replying = replying(table, ticket, receiver);

            Require.that(table.failAll(CAUSE) == 0, "nothing is in flight");

            Require.that(!replying.join(), "the late reply is refused");
            checkRoom(table, 1);
        });
    }

    /** A sender opens the slot that is reserved for it, while another one takes it. */
    @Test
    void openOfAReservedSlotAgainstOpen() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofBits(8, 1);
            Receiver<String> receiver = Receiver.recycling();
            Require.that(table.send(table.open(receiver.sender()), "reply"), "the slot is reserved");
            Require.that(receiver.take().equals("reply"), "the round is over");
            Sender<String> mine = receiver.sender();
            Sender<String> theirs = Receiver.<String>recycling().sender();
            ScenarioThread<Long> opening = ScenarioThread.start(() -> table.open(theirs, "theirs"), table, theirs);

            long ticket = table.open(mine, "mine");

            long other = opening.join();
            Require.that(ticket == ReplyTable.NO_TICKET || other == ReplyTable.NO_TICKET, "one slot for one request");
            Require.that(ticket != ReplyTable.NO_TICKET || other != ReplyTable.NO_TICKET, "one of them gets it");
            long used = Math.max(ticket, other);
            Require.that(table.context(used) == (used == ticket ? "mine" : "theirs"), "its own context");
            Require.that(table.claim(used) == (used == ticket ? mine : theirs), "its own sender");
            checkRoom(table, 1);
        });
    }

    // ------------------------------------------------------------------ tickets that the caller chooses

    /** The two tickets share a slot. */
    @Test
    void openAsAgainstOpenAs() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofChosenIds(8, 4);
            Sender<String> mine = new Receiver<String>().sender();
            Sender<String> theirs = new Receiver<String>().sender();
            ScenarioThread<Boolean> opening = ScenarioThread.start(() -> table.openAs(5, theirs), table, theirs);

            boolean opened = table.openAs(9, mine);

            Require.that(opening.join() != opened, "one slot for one request, and one of them gets it");
            Require.that(table.claim(9) == (opened ? mine : null), "its own sender");
            Require.that(table.claim(5) == (opened ? null : theirs), "its own sender");
            Require.that(table.openAs(1, new Receiver<String>().sender()), "the slot is free");
        });
    }

    /** A ticket is chosen again, or another one of its slot, while the reply to the last request arrives. */
    @Test
    void openAsAgainstTheReplyToTheLastRequest() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofChosenIds(8, 4);
            Receiver<String> receiver = new Receiver<>();
            Receiver<String> nextReceiver = new Receiver<>();
            Require.that(table.openAs(5, receiver.sender()), "the slot is free");
            Sender<String> sender = nextReceiver.sender();
            ScenarioThread<Boolean> replying = replying(table, 5, receiver, nextReceiver);

            boolean opened = table.openAs(9, sender);

            Require.that(replying.join(), "the reply is in time");
            Require.that(receiver.poll(WAKER) == Poll.READY, "and that of its request");
            Require.that(nextReceiver.poll(WAKER) == Poll.PENDING, "the next request is not touched");
            Require.that(opened || table.openAs(9, sender), "the slot is free");
            Require.that(table.send(9, "next"), "the next request is in flight");
        });
    }

    /** A duplicate stalls while the same ticket is chosen again. It reaches the next request whole, or none. */
    @Test
    void openAsAgainstAStalledDuplicate() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofChosenIds(8, 4);
            Receiver<String> receiver = new Receiver<>();
            Receiver<String> nextReceiver = new Receiver<>();
            Require.that(table.openAs(5, receiver.sender()), "the slot is free");
            Sender<String> sender = nextReceiver.sender();
            ScenarioThread<Boolean> duplicate = replying(table, 5, receiver, nextReceiver);

            boolean answered = table.send(5, "reply");
            boolean opened = table.openAs(5, sender);

            boolean accepted = duplicate.join();
            Require.that(receiver.poll(WAKER) == Poll.READY, "the first request is answered");
            boolean reached = answered && accepted;
            Require.that(!reached || opened, "what was not opened is not answered");
            Require.that(nextReceiver.poll(WAKER) == (reached ? Poll.READY : Poll.PENDING), "one reply, one request");
            Require.that(table.inFlight() == (opened && !reached ? 1 : 0), "in flight until it is answered");
        });
    }

    /** The orphan keeps its slot until the reply has come. */
    @Test
    void openAsAgainstALateReply() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofChosenIds(8, 4);
            Receiver<String> receiver = new Receiver<>();
            Receiver<String> nextReceiver = new Receiver<>();
            Require.that(table.openAs(5, receiver.sender()), "the slot is free");
            Require.that(table.drop(5), "nobody else ends the request");
            Sender<String> sender = nextReceiver.sender();
            ScenarioThread<Boolean> replying = replying(table, 5, receiver, nextReceiver);

            boolean opened = table.openAs(5, sender);

            Require.that(!replying.join(), "a late reply is refused");
            Require.that(nextReceiver.poll(WAKER) == Poll.PENDING, "the next request is not touched");
            Require.that(opened || table.openAs(5, sender), "the ticket is free");
            Require.that(table.send(5, "next"), "the next request is in flight");
        });
    }

    @Test
    void openAsAgainstClose() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofChosenIds(8, 4);
            Receiver<String> receiver = new Receiver<>();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Void> closing = ReplyTableCloseInterleavingsTest.closing(table, table, receiver);

            boolean opened = opensAs(table, 5, sender);

            closing.join();
            Require.that(receiver.poll(WAKER) == (opened ? Poll.FAILED : Poll.PENDING), "nothing is left behind");
            Require.that(table.inFlight() == 0, "nothing is in flight");
            Require.that(!opensAs(table, 6, new Receiver<String>().sender()), "a closed table opens nothing");
        });
    }

    private static boolean opensAs(ReplyTable<String> table, long ticket, Sender<String> sender) {
        try {
            Require.that(table.openAs(ticket, sender), "the slot is free");
            return true;
        } catch (IllegalStateException closed) {
            return false;
        }
    }
}
