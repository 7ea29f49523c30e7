package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replies race with each other, with a timeout, with the end of the connection, and with the next request in their
 * slot.
 */
@Tag("interleavings")
class ReplyTableInterleavingsTest {
    private static final Exception CAUSE = new Exception("gone");
    private static final WakeCounter WAKER = new WakeCounter();

    /** The calls are linearizable, and none waits for another. */
    @ParameterizedTest
    @CsvSource({"AllBits, 2, 4", "AllBits, 3, 2", "FewBits, 2, 4", "FewBits, 3, 2"})
    void tableIsLinearizableAndNobodyWaits(String bits, int threads, int actors) {
        new ModelCheckingOptions()
                .sequentialSpecification(SequentialTable.class)
                .checkObstructionFreedom(true)
                .iterations(Integer.getInteger("multishot.linearizability.iterations", 12))
                .invocationsPerIteration(Integer.getInteger("multishot.interleavings", 300))
                .threads(threads)
                .actorsBefore(2)
                .actorsPerThread(actors)
                .actorsAfter(2)
                .check(bits.equals("AllBits") ? TableOperations.AllBits.class : TableOperations.FewBits.class);
    }

    /** Requires that the table has exactly this many free slots, and that each of them accepts a request. */
    static void checkRoom(ReplyTable<String> table, int free) {
        long[] tickets = new long[free];
        for (int i = 0; i < free; i++) {
            tickets[i] = table.open(Receiver.<String>recycling().sender());
            Require.that(tickets[i] != ReplyTable.NO_TICKET, "a slot is free again");
        }
        Require.that(
                table.open(Receiver.<String>recycling().sender()) == ReplyTable.NO_TICKET, "no slot is free twice");
        for (long ticket : tickets) {
            Require.that(table.drop(ticket), "the request is in flight");
        }
    }

    @ParameterizedTest
    @EnumSource
    void claimAgainstClaim(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(2);
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            long ticket = table.open(sender);
            ScenarioThread<Sender<String>> other = ScenarioThread.start(() -> table.claim(ticket), table, sender);

            Sender<String> mine = table.claim(ticket);

            Sender<String> theirs = other.join();
            Require.that((mine == sender) != (theirs == sender), "exactly one caller gets the sender");
            Require.that(mine == null || theirs == null, "the other one gets nothing");
            Require.that(table.refused() == 1, "the other one is counted");
            checkRoom(table, 2);
        });
    }

    /**
     * A guessed ticket is used before the request that gets it. It finds that request or none, but not the last one in
     * the slot.
     */
    @ParameterizedTest
    @EnumSource
    void guessAgainstOpen(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Sender<String> last = kind.receiver().sender();
            Sender<String> sender = kind.receiver().sender();
            long ticket = table.open(last);
            Require.that(table.drop(ticket), "the last request is over");
            long guess = 2 * ticket;
            ScenarioThread<Sender<String>> guessing =
                    ScenarioThread.start(() -> table.claim(guess), table, sender, last);

            Require.that(table.open(sender) == guess, "the second generation of the only slot");

            Sender<String> found = guessing.join();
            Require.that(found == null || found == sender, "it finds the request of its ticket");
            Require.that(table.drop(guess) == (found == null), "the request is claimed, or in flight");
        });
    }

    /**
     * ABA: a slot leaves the free list and returns to it, with another one below it, while a thread is about to take
     * it. Only the slots of safe senders return to the list.
     */
    @Test
    void openAgainstOpenAndDrop() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(3);
            Sender<String> mine = new Receiver<String>().sender();
            Sender<String> first = new Receiver<String>().sender();
            Sender<String> second = new Receiver<String>().sender();
            ScenarioThread<Long> other = ScenarioThread.start(
                    () -> {
                        long ticket = table.open(first);
                        long kept = table.open(second);
                        Require.that(table.drop(ticket), "the first request is the other thread's");
                        return kept;
                    },
                    table,
                    first,
                    second);

            long ticket = table.open(mine);

            long kept = other.join();
            Require.that(table.inFlight() == 2, "two requests are in flight");
            checkRoom(table, 1);
            Require.that(table.claim(ticket) == mine && table.claim(kept) == second, "each slot has one request");
        });
    }

    /**
     * A table of two stripes, slots 0 to 15, and 16 alone. There is always a free slot, but another thread moves it: it
     * frees one in the stripe where this thread may begin to look, then takes the one in the other, where its own id
     * lets it begin. The table is made outside, filled once so that no slot stays reserved, and put in order at the
     * end: the model checker takes long loops for threads that spin. (Once it has reported full, it is not in order any
     * more, and that is what the model checker finds when it plays the failure again.)
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 16})
    void openAgainstAFreeSlotThatMoves(int freed) {
        int taken = 16 - freed;
        ReplyTable<String> table = new ReplyTable<>(17);
        AtomicLongArray tickets = new AtomicLongArray(17);
        for (int i = 0; i < 17; i++) {
            note(tickets, table.open(Receiver.<String>recycling().sender()));
        }
        Require.that(table.open(Receiver.<String>recycling().sender()) == ReplyTable.NO_TICKET, "the table is full");
        Require.that(table.drop(tickets.get(taken)), "a slot is free");
        Interleavings.explore(() -> {
            Sender<String> sender = Receiver.<String>recycling().sender();
            Sender<String> movers = Receiver.<String>recycling().sender();
            ScenarioThread<Long> moving = ScenarioThread.start(
                    taken / 16,
                    () -> {
                        Require.that(table.drop(tickets.get(freed)), "another slot is free");
                        return table.open(movers);
                    },
                    table,
                    tickets,
                    movers);

            long ticket = table.open(sender);
            Require.that(ticket != ReplyTable.NO_TICKET, "full is never reported while a slot is free");

            note(tickets, ticket);
            note(tickets, moving.join());
            Require.that(table.drop(tickets.get(taken)), "both slots were taken");
        });
    }

    private static void note(AtomicLongArray tickets, long ticket) {
        tickets.set((int) (ticket & 31), ticket);
    }

    @ParameterizedTest
    @EnumSource
    void replyAgainstDrop(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = kind.receiver();
            long ticket = table.open(receiver.sender());
            ScenarioThread<Boolean> replying = ScenarioThread.start(() -> table.send(ticket, "reply"), table, receiver);

            boolean dropped = table.drop(ticket);

            Require.that(replying.join() != dropped, "answered or dropped, never both, never neither");
            Require.that(receiver.poll(WAKER) == (dropped ? Poll.DROPPED : Poll.READY), "the outcome is the winner's");
            Require.that(table.refused() == (dropped ? 1 : 0), "a late reply is counted");
            checkRoom(table, 1);
        });
    }

    /** The only slot is dropped and used again while a reply to the first request arrives. */
    @ParameterizedTest
    @EnumSource
    void lateReplyAgainstTheNextOwner(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = kind.receiver();
            Receiver<String> nextReceiver = kind.receiver();
            long ticket = table.open(receiver.sender());
            Sender<String> nextSender = nextReceiver.sender();
            ScenarioThread<Boolean> late =
                    ScenarioThread.start(() -> table.send(ticket, "late"), table, receiver, nextReceiver);

            boolean dropped = table.drop(ticket);
            long next = table.open(nextSender);
            Require.that(next != ticket, "no ticket twice");
            Require.that(!dropped || next != ReplyTable.NO_TICKET, "after a drop the slot is free");

            Require.that(late.join() != dropped, "answered or dropped");
            Require.that(nextReceiver.poll(WAKER) == Poll.PENDING, "the next request is not touched");
            if (next != ReplyTable.NO_TICKET) {
                Require.that(table.send(next, "next"), "the next request has its own sender");
                Require.that(nextReceiver.take().equals("next"), "the next request has its own reply");
                checkRoom(table, 1);
            }
            Require.that(
                    receiver.poll(WAKER) == (dropped ? Poll.DROPPED : Poll.READY), "the first one has its outcome");
        });
    }

    /** A reply arrives while the slot of its request, which was abandoned, is reclaimed for the next owner. */
    @ParameterizedTest
    @EnumSource
    void reclaimAgainstClaimAndTheNextOwner(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> left = kind.receiver();
            Receiver<String> nextReceiver = kind.receiver();
            long ticket = table.open(left.sender());
            left.abandon();
            Sender<String> nextSender = nextReceiver.sender();
            ScenarioThread<Boolean> late =
                    ScenarioThread.start(() -> table.send(ticket, "late"), table, left, nextReceiver);

            long next = table.open(nextSender);

            Require.that(!late.join(), "nobody wants the late reply");
            Require.that(next != ticket, "no ticket twice");
            Require.that(nextReceiver.poll(WAKER) == Poll.PENDING, "the next request is not touched");
            Require.that(table.refused() == 1, "the late reply is counted");
            if (next == ReplyTable.NO_TICKET) { // the claim had the slot in its hands
                next = table.open(nextSender);
            }
            Require.that(table.send(next, "next"), "the slot is free, and has its new owner");
            checkRoom(table, 1);
        });
    }

    /** Two threads reclaim the same slots; each slot goes to one of them. */
    @ParameterizedTest
    @EnumSource
    void reclaimAgainstReclaim(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(2);
            Receiver<String> left = kind.receiver();
            Require.that(table.open(left.sender()) != ReplyTable.NO_TICKET, "there is room");
            left.abandon();
            Require.that(table.open(left.sender()) != ReplyTable.NO_TICKET, "there is room");
            left.abandon();
            Sender<String> mine = kind.receiver().sender();
            Sender<String> theirs = kind.receiver().sender();
            ScenarioThread<Long> other = ScenarioThread.start(() -> table.open(theirs), table, theirs);

            long ticket = table.open(mine);

            long others = other.join();
            Require.that(ticket != ReplyTable.NO_TICKET || others != ReplyTable.NO_TICKET, "one of them reclaims");
            Require.that(ticket == ReplyTable.NO_TICKET || table.claim(ticket) == mine, "its own request");
            Require.that(others == ReplyTable.NO_TICKET || table.claim(others) == theirs, "its own request");
            checkRoom(table, 2);
        });
    }

    /** Another thread frees one of two slots before it claims the other one, which could be reclaimed until then. */
    @Test
    void openAgainstTheClaimOfTheOnlyReclaimableSlot() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(2);
            Receiver<String> left = new Receiver<>();
            long abandoned = table.open(left.sender());
            left.abandon();
            long held = table.open(new Receiver<String>().sender());
            Sender<String> sender = new Receiver<String>().sender();
            ScenarioThread<Sender<String>> claiming = ScenarioThread.start(
                    () -> {
                        Require.that(table.drop(held), "the held slot is free");
                        return table.claim(abandoned);
                    },
                    table,
                    left,
                    sender);

            long ticket = table.open(sender);

            Sender<String> claimed = claiming.join();
            Require.that(ticket != ReplyTable.NO_TICKET, "a slot was free, or could be reclaimed, at any time");
            Require.that(claimed == null || claimed.isAbandoned(), "claimed, or reclaimed before");
            Require.that(table.claim(ticket) == sender, "its own request");
            checkRoom(table, 2);
        });
    }

    /**
     * The receiver abandons its round while another thread is about to reclaim: it finds that, or the table is full.
     */
    @ParameterizedTest
    @EnumSource
    void reclaimAgainstAbandon(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> leaving = kind.receiver();
            long ticket = table.open(leaving.sender());
            Sender<String> sender = kind.receiver().sender();
            ScenarioThread<Long> opening = ScenarioThread.start(() -> table.open(sender), table, leaving, sender);

            leaving.abandon();

            long next = opening.join();
            Require.that(next != ticket, "no ticket twice");
            Require.that(table.drop(ticket) == (next == ReplyTable.NO_TICKET), "reclaimed, or still in its slot");
            Require.that(next == ReplyTable.NO_TICKET || table.claim(next) == sender, "the next request is in flight");
            checkRoom(table, 1);
        });
    }

    @Test
    void failAllAgainstOpen() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(2);
            Receiver<String> before = Receiver.recycling();
            Receiver<String> during = Receiver.recycling();
            long first = table.open(before.sender());
            Sender<String> sender = during.sender();
            ScenarioThread<Integer> failing = ScenarioThread.start(() -> table.failAll(CAUSE), table, before, during);

            long ticket = table.open(sender);
            boolean answered = table.send(ticket, "reply");

            int failed = failing.join();
            Require.that(before.poll(WAKER) == Poll.FAILED, "what was opened before is failed");
            Require.that(!table.drop(first), "and it is over");
            Require.that(failed == (answered ? 1 : 2), "failAll counts what it has failed");
            Require.that(during.poll(WAKER) == (answered ? Poll.READY : Poll.FAILED), "one outcome");
            checkRoom(table, 2);
        });
    }
}
