package io.multishot;

import static io.multishot.AllocationTest.assertNoAllocation;
import static io.multishot.AllocationTest.assertSame;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.info.GraphLayout;

/** A request takes exactly zero bytes; and how many the table itself takes. */
@Tag("allocation")
@Tag("unchecked")
class ReplyTableAllocationTest {
    private static final Waker WAKER = () -> {};
    private static final String VALUE = "value";
    private static final Exception CAUSE = new Exception("cause");

    private final ReplyTable<String> table = new ReplyTable<>(64);
    private final Receiver<String> receiver = Receiver.recycling();

    @Test
    void anAnsweredRequest() throws Exception {
        assertNoAllocation(() -> {
            long ticket = table.open(receiver.sender());
            assertSame(true, table.send(ticket, VALUE));
            return receiver.receive();
        });
    }

    @Test
    void aClaimedRequest() throws Exception {
        assertNoAllocation(() -> {
            long ticket = table.open(receiver.sender());
            table.claim(ticket).send(VALUE);
            return receiver.take();
        });
    }

    /** The task watches the time itself: a TimeoutException would be an allocation, but not the table's. */
    @Test
    void aRequestThatTimesOutAndIsAnsweredTooLate() throws Exception {
        assertNoAllocation(() -> {
            long ticket = table.open(receiver.sender());
            assertSame(Poll.PENDING, receiver.poll(WAKER));
            assertSame(true, table.drop(ticket));
            assertSame(Poll.DROPPED, receiver.poll(WAKER));
            assertSame(false, table.send(ticket, VALUE));
            assertSame(false, table.fail(ticket, CAUSE));
            return table.claim(ticket);
        });
        assertThat(table.refused()).isPositive();
    }

    @Test
    void manyRequestsInFlightAndOneTooMany() throws Exception {
        List<Receiver<String>> receivers =
                Stream.generate(() -> Receiver.<String>recycling()).limit(64).toList();
        long[] tickets = new long[64];
        Sender<String> spare = receiver.sender();
        assertNoAllocation(1_000, () -> {
            for (int i = 0; i < 64; i++) {
                tickets[i] = table.open(receivers.get(i).sender());
            }
            assertSame(true, table.open(spare) == ReplyTable.NO_TICKET);
            assertSame(true, table.inFlight() == 64);
            for (int i = 0; i < 64; i++) {
                assertSame(true, table.send(tickets[i], VALUE));
                assertSame(VALUE, receivers.get(i).take());
            }
            return VALUE;
        });
    }

    @Test
    void aRequestWithADeadlineAndAContextInATableOfFewBits() throws Exception {
        ReplyTable<String> few = ReplyTable.ofBits(16, 64);
        long[] now = {0};
        assertNoAllocation(() -> {
            long ticket = few.open(receiver.sender(), VALUE, now[0] + 1_000);
            assertSame(VALUE, few.context(ticket));
            assertSame(true, few.nanosUntilExpiry(now[0]) <= 1_000);
            assertSame(true, few.send(ticket, VALUE));
            assertSame(VALUE, receiver.take());
            return few.expire(now[0]++) == 0 ? VALUE : null;
        });
    }

    @Test
    void anOrphanAndItsLateReply() throws Exception {
        ReplyTable<String> few = ReplyTable.ofBits(8, 2);
        assertNoAllocation(() -> {
            long ticket = few.open(receiver.sender());
            assertSame(true, few.drop(ticket));
            assertSame(Poll.DROPPED, receiver.poll(WAKER));
            assertSame(true, few.orphans() == 1);
            assertSame(false, few.send(ticket, VALUE));
            return few.releaseOrphans(0) == 0 ? VALUE : null;
        });
    }

    @Test
    void aRequestWithATicketThatTheCallerChose() throws Exception {
        ReplyTable<String> chosen = ReplyTable.ofChosenIds(16, 1 << 12);
        long[] ticket = {0};
        assertNoAllocation(() -> {
            ticket[0] = ticket[0] % 65_535 + 1;
            assertSame(true, chosen.openAs(ticket[0], receiver.sender(), VALUE, 1));
            assertSame(true, chosen.send(ticket[0], VALUE));
            return receiver.take();
        });
    }

    /** A full table, a waker that waits for room, and the slot that becomes free. */
    @Test
    void theWayBackFromAFullTable() throws Exception {
        ReplyTable<String> small = new ReplyTable<>(1);
        Receiver<String> waiting = Receiver.recycling();
        assertNoAllocation(() -> {
            long ticket = small.open(receiver.sender());
            Sender<String> sender = waiting.sender();
            assertSame(true, small.open(sender) == ReplyTable.NO_TICKET);
            small.onRoom(WAKER);
            assertSame(true, small.send(ticket, VALUE));
            long next = small.open(sender);
            assertSame(true, small.send(next, VALUE));
            assertSame(VALUE, waiting.take());
            return receiver.take();
        });
    }

    @Test
    void aRequestInAQueue() throws Exception {
        ReplyQueue<String> queue = new ReplyQueue<>(2);
        long[] now = {0};
        assertNoAllocation(() -> {
            assertSame(true, queue.open(receiver.sender(), now[0] + 10));
            assertSame(true, queue.send(VALUE));
            assertSame(VALUE, receiver.take());
            assertSame(true, queue.expire(now[0]++) == 0);
            assertSame(false, queue.send(VALUE));
            return VALUE;
        });
    }

    /** The failure is made before; the task gets its cause without an exception. */
    @Test
    void aFailureThatIsTakenWithoutAThrow() throws Exception {
        SlotState.Failure failure = new SlotState.Failure(CAUSE);
        assertNoAllocation(() -> {
            Sender<String> sender = receiver.sender();
            assertSame(Poll.PENDING, receiver.poll(WAKER));
            assertSame(true, sender.consumeBy(failure));
            assertSame(Poll.FAILED, receiver.poll(WAKER));
            assertSame(CAUSE, receiver.takeFailure());
            return VALUE;
        });
    }

    /** However many requests fail together, they share what is allocated. */
    @Test
    void manyRequestsThatFailTogether() throws Exception {
        long one = bytesOfFailAll(1);
        assertThat(one)
                .isEqualTo(ClassLayout.parseClass(SlotState.Failure.class).instanceSize());
        assertThat(bytesOfFailAll(64)).isEqualTo(one);
    }

    private long bytesOfFailAll(int requests) throws Exception {
        List<Receiver<String>> receivers = Stream.generate(() -> Receiver.<String>recycling())
                .limit(requests)
                .toList();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20_000; i++) {
            for (int request = 0; request < requests; request++) {
                assertSame(true, table.open(receivers.get(request).sender()) != ReplyTable.NO_TICKET);
            }
            long before = AllocationTest.allocatedBytes();
            int failed = table.failAll(CAUSE);
            least = Math.min(least, AllocationTest.allocatedBytes() - before);
            assertSame(true, failed == requests);
        }
        return least; // the JVM may allocate more when it recompiles the loop
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 1024, 100_000})
    void aTableTakes16BytesASlotAnd9KibAtMostBesides(int capacity) {
        ReplyTable<String> measured = new ReplyTable<>(capacity);
        assertThat(sizeOf(measured)).isBetween(16L * capacity, 16L * capacity + 9 * 1024);
    }

    @Test
    void aTableGrowsBy16BytesASlotExactly() {
        long small = sizeOf(new ReplyTable<String>(1 << 16));
        assertThat(sizeOf(new ReplyTable<String>(1 << 17)) - small).isEqualTo(16L << 16);
    }

    @Test
    void whatATableOfFewBitsAndDeadlinesAndContextsAndAQueueTake() {
        int slots = 1 << 16;
        assertThat(sizeOf(ReplyTable.ofBits(31, 2 * slots)) - sizeOf(ReplyTable.ofBits(31, slots)))
                .as("few bits")
                .isEqualTo(24L * slots);
        assertThat(sizeOf(withDetails(2 * slots)) - sizeOf(withDetails(slots)))
                .as("deadlines and contexts")
                .isEqualTo((16 + 8 + 4L) * slots);
        long small = GraphLayout.parseInstance(new ReplyQueue<String>(slots)).totalSize();
        assertThat(GraphLayout.parseInstance(new ReplyQueue<String>(2 * slots)).totalSize() - small)
                .as("a queue")
                .isEqualTo(12L * slots);
    }

    private static ReplyTable<String> withDetails(int capacity) {
        ReplyTable<String> table = new ReplyTable<>(capacity);
        assertThat(table.send(table.open(new Receiver<String>().sender(), "context", 1), VALUE))
                .isTrue();
        return table;
    }

    /** Except for a recycled sender whose slot stays reserved: see SlotAffinityTest. */
    @Test
    void aTableKeepsNothingOfARequestThatIsOver() {
        table.send(table.open(new Receiver<String>().sender(), "first context", 1), VALUE);
        long empty = sizeOf(table);
        for (int i = 0; i < 5; i++) {
            long ticket = table.open(new Receiver<String>().sender(), new long[10], 1);
            assertThat(sizeOf(table)).isGreaterThan(empty);
            switch (i) {
                case 0 -> table.send(ticket, VALUE);
                case 1 -> table.fail(ticket, CAUSE);
                case 2 -> table.drop(ticket);
                case 3 -> table.failAll(CAUSE);
                default -> table.close();
            }
            assertThat(sizeOf(table)).isEqualTo(empty);
        }
    }

    private static long sizeOf(ReplyTable<String> measured) {
        return GraphLayout.parseInstance(measured).totalSize();
    }
}
