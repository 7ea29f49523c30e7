package io.multishot;

import static io.multishot.ReplyHomeTest.receivers;
import static io.multishot.ReplyHomeTest.require;
import static io.multishot.ReplyHomeTest.slot;
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

/** What becomes of the slots that are reserved, as ReplyHomeTest has them, when no other one is left. */
@Tag("unchecked")
class ReplyScarcityTest {
    private static final Exception CAUSE = new Exception("cause");

    private final ReplyTable<String> table = new ReplyTable<>(4);
    private final Receiver<String> receiver = new Receiver<>();
    private final Receiver<String> other = new Receiver<>();

    /** In the lower half of the rounds slots are reserved, then they are scarce. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16, 17, 100})
    void anyNumberOfReceiversOneAfterTheOtherFindsRoom(int capacity) {
        ReplyTable<String> small = new ReplyTable<>(capacity);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 2 * capacity; i++) {
            Receiver<String> one = new Receiver<>();
            for (int round = 0; round < 3; round++) {
                long ticket = small.open(one.sender());
                assertThat(ticket).isNotEqualTo(ReplyTable.NO_TICKET);
                assertThat(seen.add(ticket)).as("no ticket twice").isTrue();
                assertThat(small.send(ticket, "reply")).isTrue();
                assertThat(one.take()).isEqualTo("reply");
            }
        }
        require(small, capacity);
    }

    /** Only some are reserved, others are in flight, when slots become scarce. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 16, 17, 100})
    void everyReservedSlotIsFoundWhenSlotsAreScarce(int capacity) throws Exception {
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
        require(small, reserved);
        for (int i = 0; i < capacity; i++) {
            assertThat(small.send(tickets.get(i), "reply " + i)).isEqualTo(i % 2 == 1);
            assertThat(first.get(i).receive()).isEqualTo("reply " + i);
        }
        assertThat(small.failAll(CAUSE)).isEqualTo(reserved);
        require(small, capacity);
    }

    /** Else each claim would reserve its slot first, then give it back. */
    @Test
    void aTableThatWasFullHasAHomeForNobody() {
        long mine = table.open(receiver.sender());
        require(table, 3);
        assertThat(table.failAll(CAUSE)).isEqualTo(4);
        long others = table.open(other.sender());
        assertThat(slot(others)).as("the slot freed last").isNotEqualTo(slot(mine));
        assertThat(table.drop(others)).isTrue();
        assertThat(slot(table.open(receiver.sender()))).as("and again").isEqualTo(slot(others));
        assertThat(((Sender.Recycled<String>) other.sender()).home).isEqualTo(Sender.Recycled.NOWHERE);
    }

    /** Such as those of receivers that live for one round. */
    @Test
    void slotsAreReservedAgainWhenThoseOfIdleReceiversWereGivenBack() {
        for (int lot = 0; lot < 3; lot++) {
            receivers(4).forEach(each -> assertThat(table.drop(table.open(each.sender())))
                    .isTrue());
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
        require(table, 4);
    }

    /** More than one in four; else each such lot would have to look at all slots for a few. */
    @ParameterizedTest
    @CsvSource({"4, false", "5, true"})
    void slotsAreReservedNoMoreWhenFewOfThemWere(int idle, boolean again) {
        ReplyTable<String> large = new ReplyTable<>(16);
        for (int i = 0; i < 16; i++) {
            long ticket = large.open(new Receiver<String>().sender());
            assertThat(i >= idle || large.drop(ticket)).isTrue();
        }
        assertThat(large.inFlight()).isEqualTo(16 - idle);
        assertThat(large.drop(large.open(receiver.sender()))).isTrue();
        Sender.Recycled<String> sender = (Sender.Recycled<String>) receiver.sender();
        assertThat(sender.home != Sender.Recycled.NOWHERE).isEqualTo(again);
        require(large, idle);
    }

    /** So that who has gathered, but was late, cannot take one time of scarcity for another. */
    @Test
    void theModeOnlyGrows() {
        ReplySlots<String> slots = new ReplySlots<>(1);
        for (int times = 0; times < 5; times++) {
            assertThat(slots.take(slots.open(new Receiver<String>().sender()))).isNotNull();
            assertThat(slots.modeVolatile()).isEqualTo(2L * times);
        }
        long ticket = slots.open(receiver.sender());
        assertThat(ticket).isNotEqualTo(ReplyTable.NO_TICKET);
        assertThat(slots.open(other.sender())).isEqualTo(ReplyTable.NO_TICKET);
        assertThat(slots.modeVolatile()).as("for good").isEqualTo(Long.MAX_VALUE);
    }

    /** Its own home is in another table, where slots are not scarce. */
    @Test
    void aVisitToATableThatWasFullCostsNoHome() {
        ReplyTable<String> full = new ReplyTable<>(1);
        require(full, 1);
        assertThat(full.failAll(CAUSE)).isEqualTo(1);
        long mine = table.open(receiver.sender());
        for (int round = 0; round < 5; round++) {
            assertThat(table.drop(mine)).isTrue();
            assertThat(full.drop(full.open(receiver.sender()))).isTrue();
            long next = table.open(receiver.sender());
            assertThat(next - mine).as("the next generation of the same slot").isEqualTo(4);
            mine = next;
        }
    }

    @Test
    void whoHadASlotOfHisOwnAsksOnWhenSlotsAreScarce() throws Exception {
        List<Receiver<String>> all = receivers(6);
        for (int round = 0; round < 4; round++) {
            for (Receiver<String> each : all) {
                long ticket = table.open(each.sender());
                assertThat(ticket).isNotEqualTo(ReplyTable.NO_TICKET);
                assertThat(table.send(ticket, "reply")).isTrue();
                assertThat(each.receive()).isEqualTo("reply");
            }
        }
        require(table, 4);
    }
}
