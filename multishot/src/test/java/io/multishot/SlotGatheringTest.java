package io.multishot;

import static io.multishot.SlotAffinityTest.receivers;
import static io.multishot.SlotAffinityTest.requireRoom;
import static io.multishot.SlotAffinityTest.slot;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reserved slots are gathered when no slot is free; and some time later slots stay reserved again. */
@Tag("unchecked")
class SlotGatheringTest {
    private static final Exception CAUSE = new Exception("cause");

    /** The largest sample, and the largest number of generations between two of them. */
    private static final int SAMPLE = 64;

    private final ReplyTable<String> table = new ReplyTable<>(4);
    private final Receiver<String> receiver = Receiver.recycling();
    private final Receiver<String> other = Receiver.recycling();

    private static boolean isAttached(Receiver<String> idle) {
        return SlotAffinity.slotOf(idle.sender()) >= 0;
    }

    /** Opens a request in each slot, and one too many, so that affinity is suspended. Returns the tickets. */
    private static List<Long> fill(ReplyTable<String> table) {
        List<Long> tickets = new ArrayList<>();
        for (int i = 0; i < table.capacity(); i++) {
            tickets.add(table.open(Receiver.<String>recycling().sender()));
        }
        assertThat(tickets).doesNotContain(ReplyTable.NO_TICKET).doesNotHaveDuplicates();
        assertThat(table.open(Receiver.<String>recycling().sender())).isEqualTo(ReplyTable.NO_TICKET);
        return tickets;
    }

    /** Each of two receivers has a request in flight at the same time, again and again. */
    private void ask(ReplyTable<String> asked, int times) {
        for (int i = 0; i < times; i++) {
            long first = asked.open(receiver.sender());
            long second = asked.capacity() > 1 ? asked.open(other.sender()) : ReplyTable.NO_TICKET;
            assertThat(asked.drop(first)).isTrue();
            assertThat(asked.drop(second)).isEqualTo(asked.capacity() > 1);
        }
    }

    /** At first slots are reserved, then they are gathered. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16, 17, 100})
    void anyNumberOfReceiversOneAfterTheOtherFindsRoom(int capacity) {
        ReplyTable<String> small = new ReplyTable<>(capacity);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 2 * capacity; i++) {
            Receiver<String> one = Receiver.recycling();
            for (int round = 0; round < 3; round++) {
                long ticket = small.open(one.sender());
                assertThat(ticket).isNotEqualTo(ReplyTable.NO_TICKET);
                assertThat(seen.add(ticket)).as("no ticket twice").isTrue();
                assertThat(small.send(ticket, "reply")).isTrue();
                assertThat(one.take()).isEqualTo("reply");
            }
        }
        requireRoom(small, capacity);
    }

    /** Some slots are reserved, and the others in flight. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 16, 17, 100})
    void everyReservedSlotIsGathered(int capacity) throws Exception {
        ReplyTable<String> small = new ReplyTable<>(capacity);
        List<Receiver<String>> first = receivers(capacity);
        List<Long> tickets = new ArrayList<>();
        for (Receiver<String> each : first) {
            tickets.add(small.open(each.sender()));
        }
        int reserved = 0;
        for (int i = 0; i < capacity; i += 2) {
            assertThat(small.send(tickets.get(i), "reply " + i)).isTrue();
            reserved++;
        }
        requireRoom(small, reserved);
        for (int i = 0; i < capacity; i++) {
            assertThat(small.send(tickets.get(i), "reply " + i)).isEqualTo(i % 2 == 1);
            assertThat(first.get(i).receive()).isEqualTo("reply " + i);
        }
        assertThat(small.failAll(CAUSE)).isEqualTo(reserved);
        requireRoom(small, capacity);
    }

    /** Otherwise each claim would reserve its slot first, then give it back. */
    @Test
    void noSlotStaysReservedInATableThatWasFullJustNow() {
        long mine = table.open(receiver.sender());
        requireRoom(table, 3);
        assertThat(table.failAll(CAUSE)).isEqualTo(4);
        long others = table.open(other.sender());
        assertThat(slot(others)).as("the slot freed last").isNotEqualTo(slot(mine));
        assertThat(table.drop(others)).isTrue();
        assertThat(slot(table.open(receiver.sender()))).as("and again").isEqualTo(slot(others));
        assertThat(isAttached(other)).isFalse();
    }

    /** For example those of receivers that live for one round. */
    @Test
    void slotsStayReservedIfManyWereGathered() {
        for (int lot = 0; lot < 3; lot++) {
            receivers(4)
                    .forEach(each ->
                            assertThat(table.drop(table.open(each.sender()))).isTrue());
            long mine = table.open(receiver.sender());
            for (int round = 0; round < 3; round++) {
                assertThat(table.drop(mine)).isTrue();
                long next = table.open(receiver.sender());
                assertThat(next - mine)
                        .as("the next generation of the same slot")
                        .isEqualTo(4);
                mine = next;
            }
            assertThat(table.drop(mine)).isTrue();
        }
        requireRoom(table, 4);
    }

    /** Many are more than a quarter. With fewer, each walk over all slots would gather too few. */
    @ParameterizedTest
    @CsvSource({"4, false", "5, true"})
    void noSlotStaysReservedIfFewWereGathered(int idle, boolean stays) {
        ReplyTable<String> large = new ReplyTable<>(16);
        for (int i = 0; i < 16; i++) {
            long ticket = large.open(Receiver.<String>recycling().sender());
            assertThat(i >= idle || large.drop(ticket)).isTrue();
        }
        assertThat(large.inFlight()).isEqualTo(16 - idle);
        assertThat(large.drop(large.open(receiver.sender()))).isTrue();
        assertThat(isAttached(receiver)).isEqualTo(stays);
        requireRoom(large, idle);
    }

    /** One full burst, and then as few requests as ever. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 127, 128, 1000, 5000})
    void slotsStayReservedAgainSomeTimeAfterTheTableWasFull(int capacity) {
        ReplyTable<String> burst = new ReplyTable<>(capacity);
        for (long ticket : fill(burst)) {
            assertThat(burst.drop(ticket)).isTrue();
        }
        ask(burst, SAMPLE);

        long mine = burst.open(receiver.sender());
        long generation = Math.max(Long.highestOneBit(capacity - 1L) << 1, 4);
        for (int round = 0; round < 3 * SAMPLE; round++) {
            long others = capacity > 1 ? burst.open(other.sender()) : ReplyTable.NO_TICKET;
            assertThat(burst.drop(mine)).isTrue();
            assertThat(burst.drop(others)).isEqualTo(capacity > 1);
            long next = burst.open(receiver.sender());
            assertThat(next - mine).as("the next generation of the same slot").isEqualTo(generation);
            mine = next;
        }
        assertThat(burst.drop(mine)).isTrue();
        assertThat(isAttached(receiver)).isTrue();
        requireRoom(burst, capacity);
    }

    /** The sample is the whole table here. One slot is that of the open itself. */
    @ParameterizedTest
    @CsvSource({"2, 0, true", "2, 1, false", "4, 1, true", "4, 2, false", "16, 7, true", "16, 8, false"})
    void slotsStayReservedAgainWhenMostAreVacant(int capacity, int inFlight, boolean stays) {
        ReplyTable<String> busy = new ReplyTable<>(capacity);
        fill(busy).stream()
                .skip(inFlight)
                .forEach(ticket -> assertThat(busy.drop(ticket)).isTrue());
        for (int i = 0; i < 3 * capacity; i++) {
            assertThat(busy.drop(busy.open(receiver.sender()))).isTrue();
        }
        assertThat(isAttached(receiver)).isEqualTo(stays);
        requireRoom(busy, capacity - inFlight);
    }

    /** A sample is every other slot. Of those like the slot that the receiver gets, all others are in flight. */
    @Test
    void aSampleThatFindsFewVacantSlotsIsFollowedByAnotherOne() {
        ReplyTable<String> striped = new ReplyTable<>(2 * SAMPLE);
        List<Long> tickets = fill(striped);
        tickets.stream()
                .filter(ticket -> (ticket & 1) == 0)
                .forEach(ticket -> assertThat(striped.drop(ticket)).isTrue());
        long even = striped.open(other.sender());
        assertThat(striped.drop(even)).isTrue();
        long odd = tickets.stream()
                .filter(ticket -> ticket % (2 * SAMPLE) == even % (2 * SAMPLE) + 1)
                .findAny()
                .orElseThrow();
        assertThat(striped.drop(odd)).isTrue();
        for (int i = 0; i < SAMPLE; i++) {
            long ticket = striped.open(receiver.sender());
            assertThat(ticket % (2 * SAMPLE)).as("the slot freed last").isEqualTo(odd % (2 * SAMPLE));
            assertThat(striped.drop(ticket)).isTrue();
        }
        assertThat(isAttached(receiver)).isTrue();
        requireRoom(striped, SAMPLE + 1);
    }

    /** Of receivers of both kinds, so that many slots or few were reserved when the table is full. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 17, 64, 100})
    void burstAfterBurstFindsEverySlot(int capacity) {
        ReplyTable<String> burst = new ReplyTable<>(capacity);
        for (int times = 0; times < 6; times++) {
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < capacity; i++) {
                Receiver<String> one = i % 3 <= times % 4 ? Receiver.recycling() : new Receiver<>();
                tickets.add(burst.open(one.sender()));
            }
            assertThat(tickets).doesNotContain(ReplyTable.NO_TICKET);
            assertThat(burst.open(new Receiver<String>().sender())).isEqualTo(ReplyTable.NO_TICKET);
            tickets.forEach(ticket -> assertThat(burst.drop(ticket)).isTrue());
            ask(burst, SAMPLE);
            assertThat(isAttached(receiver)).isTrue();
            receiver.abandon();
        }
    }

    /** Only then do two equal loads of the mode prove what it was in between. */
    @Test
    void theModeNeverReturnsToAValue() {
        SlotAffinity affinity = new SlotAffinity();
        Set<Long> modes = new HashSet<>();
        for (int epoch = 0; epoch < 20; epoch++) {
            long affine = affinity.modeVolatile();
            assertThat(modes.add(affine)).isTrue();
            assertThat(affinity.isAffine()).isTrue();

            assertThat(affinity.suspend(affine)).isTrue();
            long gathering = affinity.modeVolatile();
            assertThat(modes.add(gathering)).isTrue();
            assertThat(affinity.isAffine() || SlotAffinity.isGathered(gathering))
                    .isFalse();
            assertThat(affinity.suspend(gathering)).as("another gatherer").isTrue();

            boolean many = epoch % 2 == 0;
            affinity.endGathering(epoch % 4 < 2 ? affine : gathering, many ? 3 : 2, 8);
            if (!many) {
                long gathered = affinity.modeVolatile();
                assertThat(modes.add(gathered)).isTrue();
                assertThat(SlotAffinity.isGathered(gathered)).isTrue();
                assertThat(affinity.hasStayed(gathered)).isTrue();
                affinity.resume(gathered);
                assertThat(affinity.hasStayed(gathered)).isFalse();
            }
        }
    }

    /** What is based on an old mode changes nothing. */
    @Test
    void aGathererThatIsLateLeavesTheModeAlone() {
        SlotAffinity affinity = new SlotAffinity();
        long affine = affinity.modeVolatile();
        assertThat(affinity.suspend(affine)).isTrue();
        affinity.endGathering(affine, 0, 4);
        long gathered = affinity.modeVolatile();
        affinity.endGathering(affine, 4, 4);
        assertThat(affinity.hasStayed(gathered)).isTrue();

        affinity.resume(gathered);
        long next = affinity.modeVolatile();
        assertThat(affinity.suspend(affine)).isFalse();
        affinity.endGathering(affine, 0, 4);
        affinity.endGathering(affine, 4, 4);
        affinity.resume(gathered);
        assertThat(affinity.hasStayed(next)).isTrue();
        assertThat(affinity.isAffine()).isTrue();

        assertThat(affinity.suspend(next)).isTrue();
        long gathering = affinity.modeVolatile();
        affinity.resume(gathered);
        assertThat(affinity.hasStayed(gathering)).isTrue();
    }

    /** The sender's slot in the other table, which has room, stays reserved. */
    @Test
    void aVisitToAnAlmostFullTableCostsASenderNoSlot() {
        ReplyTable<String> full = new ReplyTable<>(4);
        assertThat(full.drop(fill(full).get(0))).isTrue();
        long mine = table.open(receiver.sender());
        for (int round = 0; round < 10; round++) {
            assertThat(table.drop(mine)).isTrue();
            assertThat(full.drop(full.open(receiver.sender()))).isTrue();
            long next = table.open(receiver.sender());
            assertThat(next - mine).as("the next generation of the same slot").isEqualTo(4);
            mine = next;
        }
    }

    @Test
    void moreReceiversThanSlotsTakeTurns() throws Exception {
        List<Receiver<String>> all = receivers(6);
        for (int round = 0; round < 4; round++) {
            for (Receiver<String> each : all) {
                long ticket = table.open(each.sender());
                assertThat(ticket).isNotEqualTo(ReplyTable.NO_TICKET);
                assertThat(table.send(ticket, "reply")).isTrue();
                assertThat(each.receive()).isEqualTo("reply");
            }
        }
        requireRoom(table, 4);
    }
}
