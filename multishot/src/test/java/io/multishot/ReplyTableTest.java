package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every sentence of the table's contract that one thread can see. */
class ReplyTableTest {
    private static final IOException CAUSE = new IOException("broken");

    private final ReplyTable<String> table = new ReplyTable<>(4);
    private final Receiver<String> receiver = new Receiver<>();

    private static long open(ReplyTable<String> table) {
        return table.open(new Receiver<String>().sender());
    }

    @ParameterizedTest
    @EnumSource
    void aReplyReachesTheReceiverOfItsTicket(Level level) throws Exception {
        List<Receiver<String>> receivers = List.of(level.receiver(), level.receiver(), level.receiver());
        for (int round = 0; round < 10; round++) {
            List<Long> tickets = new ArrayList<>();
            for (Receiver<String> each : receivers) {
                tickets.add(table.open(each.sender()));
            }
            for (int i : new int[] {1, 2, 0}) {
                assertThat(table.send(tickets.get(i), "reply " + i)).isTrue();
            }
            for (int i = 0; i < 3; i++) {
                assertThat(receivers.get(i).receive()).isEqualTo("reply " + i);
            }
        }
        assertThat(table.refused()).isZero();
    }

    @Test
    void claimHandsTheSenderOverOnceAndFreesTheSlot() {
        Sender<String> sender = receiver.sender();
        long ticket = table.open(sender);
        assertThat(table.inFlight()).isEqualTo(1);
        assertThat(table.claim(ticket)).isSameAs(sender);
        assertThat(table.inFlight()).isZero();
        assertThat(table.claim(ticket)).isNull();
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.take()).isEqualTo("value");
        assertThat(table.refused()).isEqualTo(1);
    }

    @Test
    void aRequestIsOverAfterItsFirstOutcomeAndWhatFollowsIsRefused() {
        List<Runnable> first = new ArrayList<>();
        long sent = open(table);
        long failed = open(table);
        long dropped = open(table);
        long claimed = open(table);
        first.add(() -> assertThat(table.send(sent, "first")).isTrue());
        first.add(() -> assertThat(table.fail(failed, CAUSE)).isTrue());
        first.add(() -> assertThat(table.drop(dropped)).isTrue());
        first.add(() -> assertThat(table.claim(claimed)).isNotNull());
        first.forEach(Runnable::run);
        long refused = 0;
        for (long ticket : new long[] {sent, failed, dropped, claimed}) {
            assertThat(table.send(ticket, "late")).isFalse();
            assertThat(table.fail(ticket, CAUSE)).isFalse();
            assertThat(table.claim(ticket)).isNull();
            refused += 2;
            assertThat(table.refused()).isEqualTo(refused);
            assertThat(table.drop(ticket)).isFalse();
            assertThat(table.refused())
                    .as("neither a failure nor a drop is a reply")
                    .isEqualTo(refused);
        }
        assertThat(table.inFlight()).isZero();
        for (int i = 0; i < 4; i++) {
            assertThat(open(table)).as("each slot is free").isNotEqualTo(ReplyTable.NO_TICKET);
        }
        assertThat(open(table)).as("and none is twice").isEqualTo(ReplyTable.NO_TICKET);
    }

    @Test
    void failEndsTheRequestWithItsCause() {
        assertThat(table.fail(table.open(receiver.sender()), CAUSE)).isTrue();
        assertThatThrownBy(receiver::receive)
                .isInstanceOf(SenderFailedException.class)
                .hasCause(CAUSE);
    }

    @Test
    void aTimeoutDropsTheRequestAndTheLateReplyDoesNotReachTheNextOne() throws Exception {
        long late = table.open(receiver.sender());
        assertThatThrownBy(() -> receiver.receive(Duration.ofNanos(1))).isInstanceOf(TimeoutException.class);
        assertThat(table.drop(late)).isTrue();
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.DROPPED);
        long next = table.open(receiver.sender());
        assertThat(table.send(late, "late")).isFalse();
        assertThat(receiver.tryReceive()).isNull();
        assertThat(table.send(next, "next")).isTrue();
        assertThat(receiver.receive()).isEqualTo("next");
        assertThat(table.refused()).isEqualTo(1);
    }

    @Test
    void aDropThatComesTooLateLeavesTheReply() throws Exception {
        long ticket = table.open(receiver.sender());
        table.send(ticket, "reply");
        assertThat(table.drop(ticket)).isFalse();
        assertThat(receiver.receive()).isEqualTo("reply");
    }

    @Test
    void aReplyToAnAbandonedRoundIsRefusedAndADropIsADrop() {
        long sent = table.open(receiver.sender());
        receiver.abandon();
        assertThat(table.send(sent, "value")).isFalse();
        long failed = table.open(receiver.sender());
        receiver.abandon();
        assertThat(table.fail(failed, CAUSE)).isFalse();
        assertThat(table.refused()).as("a failure is no reply").isEqualTo(1);
        long dropped = table.open(receiver.sender());
        receiver.abandon();
        assertThat(table.drop(dropped)).isTrue();
        assertThat(table.refused()).isEqualTo(1);
        assertThat(table.inFlight()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 100, 1000, 1024, 5000})
    void aFullTableSaysSoAndEachSlotThatIsFreedCanBeUsedAgain(int capacity) {
        ReplyTable<String> small = new ReplyTable<>(capacity);
        assertThat(small.capacity()).isEqualTo(capacity);
        List<Long> tickets = new ArrayList<>();
        Set<Long> all = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            for (int i = tickets.size(); i < capacity; i++) {
                tickets.add(open(small));
            }
            assertThat(tickets).doesNotContain(ReplyTable.NO_TICKET);
            assertThat(small.inFlight()).isEqualTo(capacity);
            Sender<String> sender = receiver.sender();
            assertThat(small.open(sender)).isEqualTo(ReplyTable.NO_TICKET);
            assertThat(sender.send("still mine")).isTrue();
            all.addAll(tickets);
            int freed = round == 0 ? capacity : (capacity + 1) / 2;
            for (int i = 0; i < freed; i++) {
                assertThat(small.drop(tickets.remove(tickets.size() / 2))).isTrue();
            }
            assertThat(small.inFlight()).isEqualTo(capacity - freed);
        }
        assertThat(all).as("no ticket twice").hasSize(2 * capacity + (capacity + 1) / 2);
    }

    @Test
    void failAllFailsWhatIsInFlightAndNothingElse() {
        List<Receiver<String>> receivers = new ArrayList<>();
        List<Long> tickets = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            receivers.add(new Receiver<>());
            tickets.add(table.open(receivers.get(i).sender()));
        }
        table.send(tickets.get(1), "reply");
        receivers.get(2).abandon();
        assertThat(table.failAll(CAUSE)).isEqualTo(2);
        assertThat(table.inFlight()).isZero();
        for (int i : new int[] {0, 3}) {
            assertThatThrownBy(receivers.get(i)::take).hasCause(CAUSE);
        }
        assertThat(receivers.get(1).take()).isEqualTo("reply");
        assertThat(table.refused()).isZero();
        assertThat(table.failAll(CAUSE)).isZero();
        for (int i = 0; i < 4; i++) {
            long next = table.open(receivers.get(i).sender());
            assertThat(next).isNotEqualTo(ReplyTable.NO_TICKET);
            assertThat(table.send(tickets.get(i), "late")).isFalse();
            assertThat(table.send(next, "next")).isTrue();
        }
    }

    @Test
    void closeFailsWhatIsInFlightSaysSoAndRefusesWhatComes() {
        long over = open(table);
        table.send(over, "reply");
        long ticket = table.open(receiver.sender());
        table.close();
        assertThatThrownBy(receiver::take)
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the reply table was closed while the request was in flight");
        assertThat(table.inFlight()).isZero();
        Sender<String> sender = receiver.sender();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> table.open(sender))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("this reply table is closed: make a new one")
                    .hasNoCause();
        }
        assertThat(sender.send("still mine")).isTrue();
        assertThat(table.claim(ticket)).isNull();
        assertThat(table.send(over, "late")).isFalse();
        assertThat(table.fail(ticket, CAUSE)).isFalse();
        assertThat(table.drop(ticket)).isFalse();
        assertThat(table.refused()).isEqualTo(2);
        assertThat(table.failAll(CAUSE)).isZero();
        table.close();
        assertThat(receiver.take()).isEqualTo("still mine");
    }

    @Test
    void closeOfAFullTableLeavesATableThatThrows() {
        for (int i = 0; i < 4; i++) {
            assertThat(open(table)).isNotEqualTo(ReplyTable.NO_TICKET);
        }
        table.close();
        assertThatThrownBy(() -> open(table)).isInstanceOf(IllegalStateException.class);
    }

    /** The other slots are not closed yet. */
    @Test
    void whatAWakerOpensWhileTheTableIsBeingClosedIsRefused() {
        List<Throwable> refusals = new ArrayList<>();
        assertThat(open(table)).isNotEqualTo(ReplyTable.NO_TICKET);
        assertThat(table.open(receiver.sender())).isNotEqualTo(ReplyTable.NO_TICKET);
        assertThat(receiver.poll(() -> refusals.add(catchThrowable(() -> open(table)))))
                .isEqualTo(Poll.PENDING);
        table.close();
        assertThat(refusals).hasSize(1);
        assertThat(refusals.get(0)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    /** The misused sender must not keep the other requesters waiting, and the misuse is reported. */
    @Test
    void aSenderConsumedOutsideTheTableIsReportedAndHarmsNoOtherRequest() {
        for (boolean close : new boolean[] {false, true}) {
            Receiver<String> mine = new Receiver<>();
            Receiver<String> others = new Receiver<>();
            Sender<String> misused = mine.sender();
            long ticket = table.open(misused);
            assertThat(table.open(others.sender())).isNotEqualTo(ReplyTable.NO_TICKET);
            misused.send("outside the table");
            Throwable thrown = catchThrowable(close ? table::close : () -> table.failAll(CAUSE));
            assertThat(thrown)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("sender already consumed");
            assertThat(thrown.getSuppressed())
                    .as("what was not handed over")
                    .singleElement()
                    .isInstanceOf(close ? IllegalStateException.class : CAUSE.getClass());
            assertThatThrownBy(others::take).isInstanceOf(SenderFailedException.class);
            assertThat(table.drop(ticket)).isFalse();
            assertThat(mine.take()).isEqualTo("outside the table");
        }
    }

    @Test
    void nullAndBadCapacitiesAreRefusedBeforeAnythingHasChanged() {
        long ticket = table.open(receiver.sender());
        assertThatNullPointerException().isThrownBy(() -> table.open(null)).withMessage("sender");
        assertThatNullPointerException()
                .isThrownBy(() -> table.send(ticket, null))
                .withMessage("value");
        assertThatNullPointerException()
                .isThrownBy(() -> table.fail(ticket, null))
                .withMessage("cause");
        assertThatNullPointerException().isThrownBy(() -> table.failAll(null)).withMessage("cause");
        assertThat(table.inFlight()).isEqualTo(1);
        assertThat(table.refused()).isZero();
        assertThat(table.send(ticket, "value")).isTrue();
        for (int capacity : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ReplyTable<String>(capacity))
                    .withMessage("capacity must be at least 1, was " + capacity);
        }
        table.close();
        assertThatNullPointerException().isThrownBy(() -> table.open(null));
    }

    /** A waker may call back: nothing is locked, and the slot is free before the receiver is notified. */
    @Test
    void aNotifiedReceiverFindsTheSlotFree() {
        ReplyTable<String> one = new ReplyTable<>(1);
        List<Long> tickets = new ArrayList<>();
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.DROPPED);
        long ticket = one.open(receiver.sender());
        assertThat(receiver.poll(() -> {
                    assertThat(receiver.take()).isEqualTo("reply");
                    tickets.add(one.open(receiver.sender()));
                }))
                .isEqualTo(Poll.PENDING);
        assertThat(one.send(ticket, "reply")).isTrue();
        assertThat(tickets).hasSize(1).doesNotContain(ReplyTable.NO_TICKET, ticket);
        assertThat(one.send(tickets.get(0), "next")).isTrue();
    }

    @Test
    @Tag("checked")
    void misuseOfASenderThatTheTableHasUsedNamesWhereTheReplyWasGiven() {
        Sender<String> sender = receiver.sender();
        table.send(table.open(sender), "reply");
        assertThatThrownBy(() -> sender.send("again"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sender consumed by send()")
                .hasMessageContaining(" at " + ReplyTableTest.class.getName() + ".misuseOfASender");
    }

    /** The table was open when the call began, and closed when it had found a slot. */
    @ParameterizedTest
    @EnumSource
    void aSlotThatIsClosedBeforeItIsOpenedKeepsNoSender(Level level) throws Exception {
        ReplySlots<String> slots = new ReplySlots<>(1);
        assertThat(slots.close(0)).isNull();
        Sender<String> sender = level.<String>receiver().sender();
        assertThatThrownBy(() -> slots.open(sender, null, Deadlines.NONE)).isInstanceOf(IllegalStateException.class);
        assertThat(beside(slots, "senders")).containsOnlyNulls();
        assertThat(table.open(sender)).as("another table takes it").isNotEqualTo(ReplyTable.NO_TICKET);
    }

    /** A table must not keep a channel or a context alive whose request is over. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestThatIsOverLeavesNothingBesideItsSlot(boolean close) throws Exception {
        ReplySlots<String> slots = new ReplySlots<>(1);
        assertThat(slots.claim(slots.open(new Receiver<String>().sender(), null, Deadlines.NONE)))
                .isNotNull();
        assertThat(beside(slots, "contexts")).as("made for the first context").isNull();
        long ticket = slots.open(receiver.sender(), "context", Deadlines.NONE);
        assertThat(beside(slots, "senders")).doesNotContainNull();
        assertThat(beside(slots, "contexts")).containsExactly("context");
        assertThat(close ? slots.close(0) : slots.claim(ticket)).isNotNull();
        assertThat(beside(slots, "senders")).containsOnlyNulls();
        assertThat(beside(slots, "contexts")).containsOnlyNulls();
    }

    private static Object[] beside(ReplySlots<String> slots, String name) throws ReflectiveOperationException {
        return (Object[]) array(slots, name);
    }

    /** Returns the array of this name, which has an element for each slot. */
    static Object array(ReplySlots<?> slots, String name) throws ReflectiveOperationException {
        Field field = ReplySlots.class.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(slots);
    }
}
