package io.multishot;

import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two threads, while slots cease and begin again to stay reserved, all the time: no slot is lost, none is used twice.
 */
@Tag("race")
@Tag("unchecked")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class SlotAffinityRaceTest {
    private static final int ROUNDS = 1_000_000;

    /** A request in flight, and its receiver. */
    private record Request(long ticket, Receiver<Integer> receiver) {}

    /**
     * A thread that has a changing number of requests in flight, up to a limit, so that the free list is empty at some
     * times and most slots are vacant at others. Most receivers come again; some are gone after a round.
     */
    private static final class Requester {
        private final ReplyTable<Integer> table;
        private final Queue<Receiver<Integer>> idle = new ArrayDeque<>();
        private final Queue<Request> inFlight = new ArrayDeque<>();
        private final int most;
        private int wanted;

        Requester(ReplyTable<Integer> table, int most) {
            this.table = table;
            this.most = most;
            for (int i = 0; i < most; i++) {
                idle.add(Receiver.recycling());
            }
        }

        Void run(RoundLimit limit) {
            for (int round = 0; limit.allows(round); round++) {
                if (inFlight.size() == wanted) {
                    wanted = ThreadLocalRandom.current().nextInt(most + 1);
                } else if (inFlight.size() < wanted) {
                    open(round);
                } else {
                    answer(round);
                }
            }
            while (!inFlight.isEmpty()) {
                answer(-1);
            }
            return null;
        }

        private void open(int round) {
            Receiver<Integer> receiver = idle.remove();
            if (ThreadLocalRandom.current().nextInt(8) == 0) {
                receiver = Receiver.recycling();
            }
            long ticket = table.open(receiver.sender());
            require(ticket != ReplyTable.NO_TICKET, "full is never reported while a slot is free", round);
            inFlight.add(new Request(ticket, receiver));
        }

        private void answer(int round) {
            Request request = inFlight.remove();
            require(table.send(request.ticket, round), "the request is in flight", round);
            require(request.receiver.take() == round, "the reply is that of this request", round);
            idle.add(request.receiver);
        }
    }

    /** Together they have as many requests as there are slots, so the table is not full when one opens a request. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 8, 16, 17, 64})
    void aTableIsNeverFullWhileASlotIsFree(int capacity) throws Exception {
        ReplyTable<Integer> table = new ReplyTable<>(capacity);
        Requester mine = new Requester(table, capacity / 2);
        Requester theirs = new Requester(table, capacity - capacity / 2);
        try (SecondThread<Void> second = new SecondThread<>()) {
            second.start(() -> theirs.run(new RoundLimit(ROUNDS)));
            mine.run(new RoundLimit(ROUNDS));
            second.join();
        }
        for (int i = 0; i < capacity; i++) {
            require(table.open(Receiver.<Integer>recycling().sender()) != ReplyTable.NO_TICKET, "no slot is lost", i);
        }
        assertThat(table.open(Receiver.<Integer>recycling().sender())).isEqualTo(ReplyTable.NO_TICKET);
        assertThat(epochs(table))
                .as("how often slots began to stay reserved again")
                .isGreaterThan(10);
    }

    private static long epochs(ReplyTable<?> table) throws ReflectiveOperationException {
        return ((SlotAffinity) field(field(table, "slots"), "affinity")).modeVolatile() >>> 2;
    }

    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        var field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }
}
