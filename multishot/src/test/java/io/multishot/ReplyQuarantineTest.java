package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of few bits: which tickets there are, and that one of a request that was given up waits for its reply. */
class ReplyQuarantineTest {
    private static final Exception CAUSE = new Exception("an error, says the peer");

    private final Receiver<String> receiver = new Receiver<>();

    /** The ways to give a request up. */
    enum Way {
        DROP {
            @Override
            void giveUp(ReplyTable<String> table, long ticket, Receiver<String> requester) {
                assertThat(table.drop(ticket)).isTrue();
            }
        },
        EXPIRE {
            @Override
            void giveUp(ReplyTable<String> table, long ticket, Receiver<String> requester) {
                assertThat(table.expire(System.nanoTime() + 1_000)).isEqualTo(1);
            }
        },
        ABANDON {
            @Override
            void giveUp(ReplyTable<String> table, long ticket, Receiver<String> requester) {
                assertThat(requester.abandon()).isTrue();
            }
        },
        CLOSE {
            @Override
            void giveUp(ReplyTable<String> table, long ticket, Receiver<String> requester) {
                requester.close();
            }
        };

        abstract void giveUp(ReplyTable<String> table, long ticket, Receiver<String> requester);
    }

    @ParameterizedTest
    @CsvSource({"8, 1", "8, 2", "8, 100", "8, 128", "8, 255", "15, 32767", "16, 1000", "31, 5", "63, 64"})
    void ticketsAreNumbersFrom1OnThatFitIntoTheBits(int bits, int capacity) {
        ReplyTable<String> table = ReplyTable.ofBits(bits, capacity);
        assertThat(table.capacity()).isEqualTo(capacity);
        for (int round = 0; round < 300; round++) {
            Set<Long> tickets = new HashSet<>();
            for (int i = 0; i < Math.min(capacity, 300); i++) {
                long ticket = table.open(new Receiver<String>().sender());
                assertThat(ticket).isBetween(1L, (1L << bits) - 1);
                assertThat(tickets.add(ticket))
                        .as("two requests have one ticket")
                        .isTrue();
            }
            assertThat(table.inFlight()).isEqualTo(tickets.size());
            assertThat(tickets.size() < capacity || table.open(receiver.sender()) == ReplyTable.NO_TICKET)
                    .isTrue();
            receiver.abandon();
            tickets.forEach(ticket -> assertThat(table.send(ticket, "reply")).isTrue());
        }
        assertThat(table.refused()).isZero();
        assertThat(table.orphans()).isZero();
    }

    @Test
    void aTableThatIsTooLargeIsRefusedWithTheLargestOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReplyTable.ofBits(8, 256))
                .withMessage("capacity 256 is too large: 8 bits make at most 255 tickets");
        int tooMany = (1 << 30) + 1;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReplyTable.ofBits(31, tooMany))
                .withMessage("capacity " + tooMany + " is too large: 31 bits make at most " + (1 << 30) + " tickets");
    }

    @ParameterizedTest
    @CsvSource({"7, 1", "64, 1", "0, 1", "-1, 1", "8, 256", "16, 65536", "8, 0", "16, -1"})
    void bitsAndCapacityMustGoTogether(int bits, int capacity) {
        assertThatIllegalArgumentException().isThrownBy(() -> ReplyTable.ofBits(bits, capacity));
        assertThatIllegalArgumentException().isThrownBy(() -> ReplyTable.ofChosenIds(bits, capacity));
    }

    @ParameterizedTest
    @EnumSource
    void theTicketOfARequestThatWasGivenUpWaitsForItsReply(Way way) {
        ReplyTable<String> table = ReplyTable.ofBits(8, 3);
        Receiver<String> requester = new Receiver<>();
        long orphan = table.open(requester.sender(), System.nanoTime());
        way.giveUp(table, orphan, requester);
        assertThat(table.orphans()).isEqualTo(1);
        assertThat(table.inFlight()).isZero();
        for (int i = 0; i < 1_000; i++) {
            long ticket = table.open(receiver.sender());
            assertThat(ticket).isNotEqualTo(orphan).isNotEqualTo(ReplyTable.NO_TICKET);
            assertThat(table.send(ticket, "reply")).isTrue();
        }
        long one = table.open(new Receiver<String>().sender());
        long other = table.open(new Receiver<String>().sender());
        assertThat(table.open(receiver.sender()))
                .as("full, of two requests and an orphan")
                .isZero();
        assertThat(table.orphans()).isEqualTo(1);

        assertThat(table.send(orphan, "late")).isFalse();
        assertThat(table.refused()).isEqualTo(1);
        assertThat(table.orphans()).isZero();
        receiver.abandon();
        assertThat(table.open(receiver.sender())).as("the slot is free").isNotZero();
        assertThat(table.drop(one) && table.drop(other)).isTrue();
    }

    @Test
    void everyKindOfReplyFreesTheTicket() {
        ReplyTable<String> table = ReplyTable.ofBits(16, 1);
        for (int i = 0; i < 300; i++) {
            long ticket = table.open(receiver.sender());
            assertThat(table.drop(ticket)).isTrue();
            assertThat(table.drop(ticket)).as("no reply").isFalse();
            assertThat(table.orphans()).isEqualTo(1);
            switch (i % 3) {
                case 0 -> assertThat(table.send(ticket, "late")).isFalse();
                case 1 -> assertThat(table.claim(ticket)).isNull();
                default -> assertThat(table.fail(ticket, CAUSE)).isFalse();
            }
            assertThat(table.orphans()).isZero();
        }
        assertThat(table.refused()).isEqualTo(200);
    }

    /** An error from the peer, or a request that never went out. */
    @Test
    void aFailedRequestLeavesNoOrphan() {
        ReplyTable<String> table = ReplyTable.ofBits(8, 1);
        assertThat(table.fail(table.open(receiver.sender()), CAUSE)).isTrue();
        assertThat(receiver.takeFailure()).isSameAs(CAUSE);
        assertThat(table.orphans()).isZero();
        assertThat(table.open(receiver.sender())).isNotZero();
    }

    /** With g bits of generation, a ticket comes again after 2^g requests in its slot, and not before. */
    @ParameterizedTest
    @CsvSource({"8, 3, 64", "8, 63, 4", "8, 127, 2", "8, 255, 1", "16, 1023, 64"})
    void aDuplicateIsRefusedUntilTheGenerationsStartOver(int bits, int capacity, int generations) {
        ReplyTable<String> table = ReplyTable.ofBits(bits, capacity);
        Receiver<String> recycling = Receiver.recycling(); // asks in the same slot again, unless checked
        long first = table.open(recycling.sender());
        assertThat(table.send(first, "reply")).isTrue();
        for (int i = 1; i < generations; i++) {
            long ticket = table.open(recycling.sender());
            assertThat(ticket).isNotEqualTo(first);
            assertThat(table.send(first, "duplicate")).isFalse();
            assertThat(table.send(ticket, "reply")).isTrue();
        }
        assertThat(table.refused()).isEqualTo(generations - 1L);
    }

    @Test
    void orphansAreReleasedByTheTimeWhenTheyWereOpened() {
        ReplyTable<String> table = ReplyTable.ofBits(16, 8);
        long before = System.nanoTime();
        long old = table.open(receiver.sender());
        receiver.abandon();
        long dropped = table.open(receiver.sender());
        assertThat(table.drop(dropped)).isTrue();
        long between = later();
        long young = table.open(receiver.sender());
        assertThat(table.drop(young)).isTrue();
        long live = table.open(new Receiver<String>().sender());

        assertThat(table.releaseOrphans(before)).isZero();
        assertThat(table.orphans()).isEqualTo(3);
        assertThat(table.releaseOrphans(between)).isEqualTo(2);
        assertThat(table.orphans()).isEqualTo(1);
        assertThat(table.releaseOrphans(later())).isEqualTo(1);
        assertThat(table.inFlight()).as("a request in flight is no orphan").isEqualTo(1);
        for (long ticket : new long[] {old, dropped, young}) {
            assertThat(table.send(ticket, "later still")).isFalse();
        }
        assertThat(table.send(live, "reply")).isTrue();
        assertThat(open(table, 8)).doesNotContain(ReplyTable.NO_TICKET).doesNotHaveDuplicates();
    }

    /**
     * A recycled sender opens the slot that is reserved for it: its request is as old as it is, and not as the last.
     */
    @Test
    void anOrphanInAReservedSlotIsAsOldAsItsRequest() {
        ReplyTable<String> table = ReplyTable.ofBits(16, 8);
        Receiver<String> recycling = Receiver.recycling();
        assertThat(table.send(table.open(recycling.sender()), "reply")).isTrue();
        assertThat(recycling.take()).isEqualTo("reply");
        long between = later();
        assertThat(table.drop(table.open(recycling.sender()))).isTrue();
        assertThat(table.releaseOrphans(between)).isZero();
        assertThat(table.releaseOrphans(later())).isEqualTo(1);
    }

    @Test
    void anOrphanThatIsExactlyAsOldAsAskedForStays() throws Exception {
        ReplySlots<String> slots = new ReplySlots<>(1, 0, 8, false);
        slots.giveUp(slots.open(receiver.sender(), null, Deadlines.NONE)).drop();
        long openedAt = ((long[]) ReplyTableTest.array(slots, "openedAt"))[0];
        assertThat(slots.releaseOpenedBefore(0, openedAt)).isFalse();
        assertThat(slots.releaseOpenedBefore(0, openedAt + 1)).isTrue();
    }

    /** Returns a time that is later than all before, and earlier than all after. */
    private static long later() {
        long start = System.nanoTime();
        long time = start;
        while (time == start) {
            time = System.nanoTime();
        }
        long end = time;
        while (time == end) {
            time = System.nanoTime();
        }
        return end;
    }

    private static List<Long> open(ReplyTable<String> table, int requests) {
        List<Long> tickets = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            tickets.add(table.open(new Receiver<String>().sender()));
        }
        return tickets;
    }

    @Test
    void failAllAndCloseEndTheQuarantine() {
        ReplyTable<String> table = ReplyTable.ofBits(8, 4);
        assertThat(table.drop(table.open(receiver.sender()))).isTrue();
        assertThat(table.open(receiver.sender())).isNotZero();
        assertThat(table.failAll(CAUSE)).isEqualTo(1);
        assertThat(table.orphans()).isZero();
        assertThat(open(table, 4)).doesNotContain(ReplyTable.NO_TICKET);
        table.close(CAUSE);
        assertThat(table.orphans() + table.inFlight()).isZero();
    }

    /** Without a quarantine, in a table of 64 bits, a slot is free as soon as its request is given up. */
    @Test
    void aTableOf64BitsHasNoOrphans() {
        ReplyTable<String> table = new ReplyTable<>(1);
        for (int i = 0; i < 10; i++) {
            assertThat(table.drop(table.open(receiver.sender()))).isTrue();
        }
        assertThat(table.orphans()).isZero();
        assertThat(table.releaseOrphans(System.nanoTime())).isZero();
        assertThat(table.open(receiver.sender())).isNotZero();
        receiver.abandon();
        assertThat(table.releaseOrphans(System.nanoTime())).isZero();
        assertThat(open(table, 1)).as("the slot is not lost").doesNotContain(ReplyTable.NO_TICKET);
    }

    /** Orphans keep recycled senders from their slots, not from the table. */
    @Test
    void aRecycledSenderFindsAnotherSlotBesideItsOrphan() {
        ReplyTable<String> table = ReplyTable.ofBits(8, 2);
        Receiver<String> recycling = Receiver.recycling();
        long orphan = table.open(recycling.sender());
        assertThat(table.drop(orphan)).isTrue();
        for (int i = 0; i < 100; i++) {
            long ticket = table.open(recycling.sender());
            assertThat(ticket).isNotEqualTo(orphan).isNotZero();
            assertThat(table.send(ticket, "reply")).isTrue();
            assertThat(recycling.take()).isEqualTo("reply");
        }
        assertThat(table.send(orphan, "late")).isFalse();
        assertThat(open(table, 2)).doesNotContain(ReplyTable.NO_TICKET);
    }

    // ------------------------------------------------------------------ tickets that the caller chooses

    @Test
    void aChosenTicketIsTheOneOfTheRequest() {
        ReplyTable<String> table = ReplyTable.ofChosenIds(16, 1 << 16 - 1);
        for (long ticket : new long[] {1, 2, 0x1234, 65_535}) {
            assertThat(table.openAs(ticket, receiver.sender())).isTrue();
            Sender<String> late = new Receiver<String>().sender();
            assertThat(table.openAs(ticket, late)).as("taken").isFalse();
            assertThat(table.openAs(ticket, late, "context", System.nanoTime())).isFalse();
            assertThat(table.inFlight()).isEqualTo(1);
            assertThat(table.send(ticket ^ 1, "stray")).isFalse();
            assertThat(table.send(ticket, "reply")).isTrue();
            assertThat(receiver.take()).isEqualTo("reply");
            assertThat(table.send(ticket, "duplicate")).isFalse();
        }
    }

    @Test
    void ticketsThatShareASlotExcludeEachOther() {
        ReplyTable<String> table = ReplyTable.ofChosenIds(16, 3);
        assertThat(table.capacity()).isEqualTo(4);
        assertThat(table.openAs(5, receiver.sender())).isTrue();
        Sender<String> sender = new Receiver<String>().sender();
        assertThat(table.openAs(1, sender)).as("the same two low bits").isFalse();
        assertThat(table.openAs(6, sender)).isTrue();
        assertThat(table.drop(5)).isTrue();
        assertThat(table.openAs(9, receiver.sender()))
                .as("the orphan keeps its slot")
                .isFalse();
        assertThat(table.claim(5)).isNull();
        receiver.abandon();
        assertThat(table.openAs(9, receiver.sender())).isTrue();
        assertThat(table.send(5, "late")).isFalse();
        assertThat(table.send(9, "reply")).isTrue();
        assertThat(table.openAs(5, receiver.sender())).as("a lower one again").isTrue();
        assertThat(table.send(5, "reply")).isTrue();
    }

    /** If a word recurred, a thread that has read it long ago could take the request of today for that of then. */
    @Test
    void theWordOfASlotOnlyGrowsWhateverIsChosen() throws Exception {
        ReplySlots<String> slots = new ReplySlots<>(4, 0, 8, true);
        long[] words = (long[]) ReplyTableTest.array(slots, "words");
        long before = 1;
        for (long ticket : new long[] {1, 5, 1, 253, 253, 9, 13, 13}) {
            assertThat(slots.openAs(ticket, receiver.sender(), null, Deadlines.NONE))
                    .isTrue();
            assertThat(words[1] & 255).isEqualTo(ticket);
            assertThat(words[1] - before).as("the next word with this ticket").isBetween(1L, 256L);
            before = words[1];
            slots.claim(ticket).drop();
        }
    }

    @Test
    void everyTicketCanBeChosenAgainAndAgain() {
        ReplyTable<String> table = ReplyTable.ofChosenIds(8, 4);
        for (int i = 0; i < 3; i++) {
            for (long ticket = 255; ticket >= 1; ticket--) {
                assertThat(table.openAs(ticket, receiver.sender(), "context " + ticket, System.nanoTime() + 1_000_000))
                        .isTrue();
                assertThat(table.context(ticket)).isEqualTo("context " + ticket);
                assertThat(ticket % 2 == 0 ? table.send(ticket, "reply") : table.fail(ticket, CAUSE))
                        .isTrue();
            }
        }
        assertThat(table.inFlight() + table.orphans()).isZero();
    }

    /** A table of all tickets there are has no slot for ticket 0. */
    @Test
    void aTableOfAllTicketsIsFullWhenAllAreInFlight() {
        ReplyTable<String> table = ReplyTable.ofChosenIds(8, 255);
        assertThat(table.capacity()).isEqualTo(255);
        for (long ticket = 1; ticket <= 255; ticket++) {
            assertThat(table.openAs(ticket, new Receiver<String>().sender())).isTrue();
        }
        CountingWaker waker = new CountingWaker();
        table.onRoom(waker);
        assertThat(waker.count()).as("no room").isZero();
        assertThat(table.send(17, "reply")).isTrue();
        assertThat(waker.count()).isEqualTo(1);
        assertThat(table.inFlight()).isEqualTo(254);
    }

    @Test
    void badTicketsAndTheWrongTableAreRefusedBeforeAnythingHasChanged() {
        ReplyTable<String> chosen = ReplyTable.ofChosenIds(8, 4);
        Sender<String> sender = receiver.sender();
        for (long ticket : new long[] {0, -1, 256, Long.MIN_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> chosen.openAs(ticket, sender));
        }
        assertThatIllegalStateException().isThrownBy(() -> chosen.open(sender));
        assertThatIllegalStateException().isThrownBy(() -> new ReplyTable<String>(1).openAs(1, sender));
        assertThatIllegalArgumentException().isThrownBy(() -> ReplyTable.ofChosenIds(33, 4));
        assertThat(chosen.openAs(255, sender)).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> chosen.openAs(254, sender))
                .withMessageStartingWith("this sender is in a reply table already");
        assertThat(chosen.inFlight()).isEqualTo(1);
        chosen.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> chosen.openAs(3, new Receiver<String>().sender()))
                .withMessageContaining("closed");
    }
}
