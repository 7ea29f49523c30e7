package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jol.info.GraphLayout;

/**
 * A slot stays reserved for the recycled sender that used it last, as long as there are others. With assertions enabled
 * no sender is recycled, so no slot is reserved; then the other tests of the table are enough.
 */
@Tag("unchecked")
class SlotAffinityTest {
    private static final Exception CAUSE = new Exception("cause");

    private final ReplyTable<String> table = new ReplyTable<>(4);
    private final Receiver<String> receiver = Receiver.recycling();
    private final Receiver<String> other = Receiver.recycling();

    static List<Receiver<String>> receivers(int count) {
        return Stream.generate(() -> Receiver.<String>recycling()).limit(count).toList();
    }

    /** Returns the slot of a ticket, in a table with at most four. */
    static long slot(long ticket) {
        return ticket & 3;
    }

    static void requireRoom(ReplyTable<String> table, int room) {
        for (int i = 0; i < room; i++) {
            assertThat(table.open(Receiver.<String>recycling().sender()))
                    .as("a slot is free")
                    .isNotEqualTo(ReplyTable.NO_TICKET);
        }
        assertThat(table.open(Receiver.<String>recycling().sender()))
                .as("no other slot is free")
                .isEqualTo(ReplyTable.NO_TICKET);
    }

    @Test
    void aReceiverGetsItsOwnSlotAgainInTheNextGeneration() {
        long mine = table.open(receiver.sender());
        long others = table.open(other.sender());
        assertThat(slot(mine)).isNotEqualTo(slot(others));
        for (int round = 0; round < 10; round++) {
            assertThat(table.send(mine, "reply")).isTrue();
            assertThat(table.drop(others)).isTrue();
            assertThat(receiver.take()).isEqualTo("reply");
            long next = table.open(receiver.sender());
            assertThat(next - mine).as("the next generation").isEqualTo(4);
            assertThat(table.send(mine, "late")).isFalse();
            mine = next;
            others = table.open(other.sender());
        }
        assertThat(table.inFlight()).isEqualTo(2);
    }

    @Test
    void noSlotIsReservedForASafeReceiver() {
        Receiver<String> safe = new Receiver<>();
        long first = table.open(safe.sender());
        assertThat(table.drop(first)).isTrue();
        assertThat(slot(table.open(receiver.sender())))
                .as("the slot freed last")
                .isEqualTo(slot(first));
        assertThat(slot(table.open(safe.sender()))).isNotEqualTo(slot(first));
    }

    @Test
    void aReceiverThatUsesTwoTablesInTurnHarmsNeither() throws Exception {
        ReplyTable<String> second = new ReplyTable<>(4);
        assertThat(second.open(other.sender())).isNotEqualTo(ReplyTable.NO_TICKET);
        assertThat(second.failAll(CAUSE)).isEqualTo(1);
        for (int round = 0; round < 20; round++) {
            ReplyTable<String> one = round % 2 == 0 ? table : second;
            long ticket = one.open(receiver.sender());
            assertThat(ticket).isNotEqualTo(ReplyTable.NO_TICKET);
            long others = one.open(other.sender());
            assertThat(one.send(ticket, "mine")).isTrue();
            assertThat(receiver.receive()).isEqualTo("mine");
            assertThat(one.send(others, "theirs")).isTrue();
            assertThat(other.receive()).isEqualTo("theirs");
        }
        requireRoom(table, 4);
        requireRoom(second, 4);
    }

    /** The slot that a sender used in another table may be reserved for a different sender in this one. */
    @Test
    void aReservedSlotIsOpenedByItsOwnSenderOnly() throws Exception {
        ReplyTable<String> second = new ReplyTable<>(4);
        long theirs = table.open(other.sender());
        assertThat(table.drop(theirs)).isTrue();
        long elsewhere = second.open(receiver.sender());
        assertThat(second.drop(elsewhere)).isTrue();
        assertThat(slot(theirs)).as("the same index").isEqualTo(slot(elsewhere));

        long mine = table.open(receiver.sender());

        assertThat(slot(mine)).isNotEqualTo(slot(theirs));
        assertThat(slot(table.open(other.sender()))).isEqualTo(slot(theirs));
        assertThat(table.send(mine, "mine")).isTrue();
        assertThat(receiver.receive()).isEqualTo("mine");
    }

    @Test
    void aSlotOfALargerTableMayBeBeyondASmallOne() throws Exception {
        ReplyTable<String> large = new ReplyTable<>(100);
        List<Receiver<String>> many = receivers(100);
        many.forEach(each -> assertThat(large.open(each.sender())).isNotEqualTo(ReplyTable.NO_TICKET));
        assertThat(large.failAll(CAUSE)).isEqualTo(100);
        for (Receiver<String> each : many) {
            long ticket = table.open(each.sender());
            assertThat(table.send(ticket, "reply")).isTrue();
            assertThat(each.receive()).isEqualTo("reply");
        }
    }

    /** The misuse of one sender must not harm other requests, nor cost the sender its slot. */
    @Test
    void aSenderThatIsOpenedTwiceKeepsItsTicketAndItsSlot() throws Exception {
        long slot = slot(table.open(receiver.sender()));
        assertThat(table.failAll(CAUSE)).isEqualTo(1);
        for (int round = 0; round < 3; round++) {
            Sender<String> sender = receiver.sender();
            long ticket = table.open(sender);
            assertThatThrownBy(() -> table.open(sender)).isInstanceOf(IllegalStateException.class);
            assertThat(slot(ticket)).isEqualTo(slot);
            long others = table.open(other.sender());
            assertThat(table.send(ticket, "reply")).isTrue();
            assertThat(receiver.receive()).isEqualTo("reply");
            assertThat(table.send(others, "theirs")).isTrue();
            assertThat(other.receive()).isEqualTo("theirs");
        }
        requireRoom(table, 4);
    }

    @Test
    void aReceiverThatAbandonsEachRoundGetsNewSlotsAndTheOldOnesAreGathered() {
        for (int round = 0; round < 20; round++) {
            long ticket = table.open(receiver.sender());
            assertThat(ticket).isNotEqualTo(ReplyTable.NO_TICKET);
            receiver.abandon();
            assertThat(table.send(ticket, "late")).isFalse();
        }
        assertThat(table.refused()).isEqualTo(20);
        requireRoom(table, 4);
    }

    @Test
    void closeClosesReservedSlots() {
        long over = table.open(receiver.sender());
        assertThat(table.drop(over)).isTrue();
        Sender<String> sender = receiver.sender();
        table.close();
        assertThatThrownBy(() -> table.open(sender)).isInstanceOf(IllegalStateException.class);
        assertThat(sender.send("still mine")).isTrue();
        assertThat(receiver.take()).isEqualTo("still mine");
    }

    @Test
    void aSenderWhoseTableWasClosedServesTheNextRound() {
        Sender<String> sender = receiver.sender();
        assertThat(table.open(sender)).isNotEqualTo(ReplyTable.NO_TICKET);
        table.close();
        assertThat(receiver.takeFailure()).isInstanceOf(IllegalStateException.class);
        assertThat(receiver.sender()).isSameAs(sender);
        assertThat(new ReplyTable<String>(1).open(sender)).isNotEqualTo(ReplyTable.NO_TICKET);
    }

    /** Nothing of the request before, whose slot this was. */
    @Test
    void aRequestInItsOwnSlotHasItsOwnContextAndDeadline() {
        long mine = slot(replied(table.open(receiver.sender())));

        long withContext = table.open(receiver.sender(), "context");
        assertThat(slot(withContext)).isEqualTo(mine);
        assertThat(table.context(withContext)).isEqualTo("context");
        replied(withContext);
        long without = table.open(receiver.sender());
        assertThat(table.context(without)).isNull();
        replied(without);

        long now = System.nanoTime();
        long late = table.open(receiver.sender(), now);
        assertThat(slot(late)).isEqualTo(mine);
        assertThat(table.nanosUntilExpiry(now)).isZero();
        replied(late);
        long inTime = table.open(receiver.sender());
        assertThat(slot(inTime)).isEqualTo(mine);
        assertThat(table.expire(now)).isZero();
        replied(inTime);
        assertThat(table.open(receiver.sender(), now)).isNotEqualTo(ReplyTable.NO_TICKET);
        assertThat(table.expire(now)).isEqualTo(1);
        assertThat(receiver.takeFailure()).isInstanceOf(RequestTimeoutException.class);
    }

    private long replied(long ticket) {
        assertThat(table.send(ticket, "reply")).isTrue();
        assertThat(receiver.take()).isEqualTo("reply");
        return ticket;
    }

    /** It keeps the channel's cell and no more: not a value that was received, not the receiver. */
    @ParameterizedTest
    @EnumSource
    @Tag("allocation")
    void aTableKeepsTheSendersOfReservedSlotsUntilItIsClosedOrTheyAreGathered(End end) {
        long empty = sizeOf(table);
        for (Receiver<String> each : receivers(4)) {
            long ticket = table.open(each.sender());
            assertThat(table.send(ticket, "reply")).isTrue();
            assertThat(each.take()).isEqualTo("reply");
        }
        long cell = GraphLayout.parseInstance(receiver.sender()).totalSize();
        assertThat(sizeOf(table)).isEqualTo(empty + 4 * cell);
        switch (end) {
            case CLOSED -> table.close();
            case GATHERED ->
                assertThat(table.send(table.open(new Receiver<String>().sender()), "reply"))
                        .isTrue();
        }
        assertThat(sizeOf(table)).isEqualTo(empty);
    }

    private enum End {
        CLOSED,
        GATHERED
    }

    private static long sizeOf(ReplyTable<String> measured) {
        return GraphLayout.parseInstance(measured).totalSize();
    }
}
