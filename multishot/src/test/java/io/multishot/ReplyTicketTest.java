package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tickets are numbers: how many there are before one recurs, and what other numbers do. */
class ReplyTicketTest {
    private final Receiver<String> receiver = new Receiver<>();

    /**
     * Every bit that the index does not need belongs to the generation, even the last ones, which no test could reach
     * by counting.
     */
    @ParameterizedTest(name = "capacity {0}: {1} bits of index")
    @CsvSource({"1, 2", "2, 2", "3, 2", "4, 2", "1000, 10", "1024, 10", "1025, 11", "100000, 17"})
    void aGenerationTakesEveryBitThatTheIndexDoesNot(int capacity, int indexBits) throws Exception {
        ReplySlots<String> slots = new ReplySlots<>(capacity);
        long first = slots.open(receiver.sender(), null, Deadlines.NONE);
        long index = first & (1L << indexBits) - 1;
        assertThat(first).isEqualTo(1L << indexBits | index);
        slots.claim(first).drop();
        for (int bit = indexBits + 1; bit < Long.SIZE; bit++) {
            long last = (1L << bit) - (1L << indexBits) | index; // all lower bits of the generation are set
            age(slots, last);
            assertThat(roundTrip(slots)).isEqualTo(last);
            assertThat(roundTrip(slots)).as("the next bit").isEqualTo(1L << bit | index);
            assertThat(slots.claim(last)).isNull();
        }
        long last = -(1L << indexBits) | index;
        age(slots, last);
        assertThat(roundTrip(slots)).as("the last generation").isEqualTo(last);
        assertThat(roundTrip(slots)).as("the first one again, and never 0").isEqualTo(first);
    }

    /**
     * Moves the slot, which is vacant or reserved, to the generation of this ticket, which it would reach after enough
     * requests.
     */
    private static void age(ReplySlots<String> slots, long ticket) throws ReflectiveOperationException {
        var field = ReplySlots.class.getDeclaredField("words");
        field.setAccessible(true);
        long[] words = (long[]) field.get(slots);
        int index = (int) (ticket & lowerBits(slots));
        words[index] = ticket & ~lowerBits(slots) | words[index] & lowerBits(slots);
    }

    /** Returns a mask of the bits below the generation: as many as an index needs, and at least two. */
    private static long lowerBits(ReplySlots<String> slots) {
        return (1L << Math.max(FreeList.bits(slots.capacity() - 1), 2)) - 1;
    }

    private long roundTrip(ReplySlots<String> slots) {
        Sender<String> sender = receiver.sender();
        long ticket = slots.open(sender, null, Deadlines.NONE);
        assertThat(slots.isOpen((int) (ticket & lowerBits(slots)))).isTrue();
        assertThat(slots.claim(ticket)).isSameAs(sender);
        sender.drop();
        return ticket;
    }

    @Test
    void noTicketRecursThoughAFreeSlotIsUsedAgainAtOnce() {
        ReplyTable<String> table = new ReplyTable<>(8);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            long ticket = table.open(receiver.sender());
            assertThat(seen.add(ticket)).isTrue();
            assertThat(table.drop(ticket)).isTrue();
        }
    }

    /** The table refuses earlier, unless it is closed in between. */
    @Test
    void aSlotThatWasClosedOpensNoMore() {
        ReplySlots<String> slots = new ReplySlots<>(2);
        Sender<String> sender = receiver.sender();
        long ticket = slots.open(sender, null, Deadlines.NONE);
        int slot = (int) (ticket & lowerBits(slots));
        assertThat(slots.close(slot)).isSameAs(sender);
        assertThat(slots.close(slot)).isNull();
        assertThat(slots.close(1 - slot)).isNull();
        assertThat(slots.claim(ticket)).isNull();
        assertThatIllegalStateException().isThrownBy(() -> slots.open(sender, null, Deadlines.NONE));
        assertThat(slots.isOpen(0) || slots.isOpen(1)).isFalse();
    }

    /** Numbers as they come from a peer that is broken, or of another kind. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 1000})
    void anyOtherNumberFindsNothingAndChangesNothing(int capacity) {
        ReplyTable<String> table = new ReplyTable<>(capacity);
        long over = table.open(receiver.sender());
        assertThat(table.drop(over)).isTrue();
        for (boolean open : new boolean[] {false, true}) {
            long ticket = open ? table.open(receiver.sender()) : ReplyTable.NO_TICKET;
            long before = table.refused();
            List<Long> numbers = foreign(ticket, over);
            for (long number : numbers) {
                assertThat(table.claim(number)).isNull();
                assertThat(table.send(number, "stray")).isFalse();
                assertThat(table.drop(number)).isFalse();
            }
            assertThat(table.refused() - before).isEqualTo(2L * numbers.size());
            assertThat(table.inFlight()).isEqualTo(open ? 1 : 0);
            assertThat(!open || table.send(ticket, "reply")).isTrue();
        }
        assertThat(receiver.take()).isEqualTo("reply");
        table.close();
        for (long number : foreign(ReplyTable.NO_TICKET, over)) {
            assertThat(table.claim(number)).isNull();
        }
    }

    private static List<Long> foreign(long ticket, long over) {
        LongStream edges = LongStream.of(ReplyTable.NO_TICKET, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, over, over + 1);
        LongStream near = LongStream.range(-20, 20).map(difference -> ticket + difference);
        LongStream flipped = LongStream.range(0, Long.SIZE).map(bit -> ticket ^ 1L << bit);
        LongStream random = ThreadLocalRandom.current().longs(1000);
        return Stream.of(edges, near, flipped, random)
                .flatMap(LongStream::boxed)
                .filter(number -> number != ticket || ticket == ReplyTable.NO_TICKET)
                .toList();
    }
}
