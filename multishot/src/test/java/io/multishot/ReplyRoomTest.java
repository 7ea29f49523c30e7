package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A full table or queue calls a waker when there is room again. */
class ReplyRoomTest {
    private static final Exception CAUSE = new Exception("gone");

    private final CountingWaker waker = new CountingWaker();
    private final Receiver<String> receiver = new Receiver<>();

    private record Freeing(String name, BiConsumer<ReplyTable<String>, Long> act) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Freeing> ways() {
        return List.of(
                new Freeing("send", (table, ticket) -> table.send(ticket, "reply")),
                new Freeing("claim", (table, ticket) -> table.claim(ticket).drop()),
                new Freeing("fail", (table, ticket) -> table.fail(ticket, CAUSE)),
                new Freeing("failAll", (table, ticket) -> table.failAll(CAUSE)),
                new Freeing("close", (table, ticket) -> table.close()),
                new Freeing("drop, late reply", (table, ticket) -> {
                    table.drop(ticket);
                    table.send(ticket, "late");
                }),
                new Freeing("drop, late error", (table, ticket) -> {
                    table.drop(ticket);
                    table.fail(ticket, CAUSE);
                }),
                new Freeing("expire, release", (table, ticket) -> {
                    table.expire(System.nanoTime() + 1_000_000_000);
                    table.releaseOrphans(System.nanoTime() + 1_000_000_000);
                }));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whateverFreesASlotCallsTheWakerOnce(Freeing way) {
        for (ReplyTable<String> table : List.of(new ReplyTable<String>(1), ReplyTable.<String>ofBits(16, 1))) {
            CountingWaker counting = new CountingWaker();
            long ticket = table.open(new Receiver<String>().sender(), System.nanoTime());
            assertThat(table.open(receiver.sender())).isZero();
            receiver.abandon();
            table.onRoom(counting);
            table.onRoom(counting); // once more: the same
            assertThat(counting.count()).isZero();
            way.act.accept(table, ticket);
            assertThat(counting.count()).isEqualTo(1);
            table.send(ticket, "later still");
            assertThat(counting.count()).as("once for a registration").isEqualTo(1);
        }
    }

    /** Not before the ticket is free. */
    @Test
    void anOrphanMakesNoRoom() {
        ReplyTable<String> table = ReplyTable.ofBits(8, 1);
        long ticket = table.open(receiver.sender(), System.nanoTime());
        table.onRoom(waker);
        assertThat(table.send(ticket + 1, "to nobody")).isFalse();
        assertThat(table.claim(ticket - 1)).isNull();
        assertThat(table.expire(System.nanoTime())).isEqualTo(1);
        assertThat(table.drop(ticket)).isFalse();
        assertThat(table.open(receiver.sender())).isZero();
        assertThat(waker.count()).isZero();
        assertThat(table.claim(ticket)).isNull();
        assertThat(waker.count()).isEqualTo(1);
        receiver.abandon();
        long next = table.open(receiver.sender());
        table.onRoom(waker);
        assertThat(table.drop(next)).isTrue();
        assertThat(waker.count()).isEqualTo(1);
        assertThat(table.fail(next, CAUSE)).isFalse();
        assertThat(waker.count()).isEqualTo(2);
    }

    @Test
    void aWakerIsCalledAtOnceIfThereIsRoom() {
        ReplyTable<String> table = new ReplyTable<>(1);
        table.onRoom(waker);
        assertThat(waker.count()).isEqualTo(1);
        assertThat(table.open(receiver.sender())).as("the slot was not lost").isNotZero();
        ReplyTable<String> chosen = ReplyTable.ofChosenIds(8, 1);
        chosen.onRoom(waker);
        assertThat(waker.count()).isEqualTo(2);
        table.close();
        table.onRoom(waker);
        assertThat(waker.count()).as("closed: nobody waits").isEqualTo(3);
        ReplyQueue<String> queue = new ReplyQueue<>(1);
        queue.onRoom(waker);
        assertThat(waker.count()).isEqualTo(4);
    }

    /** Two requesters that look again and again, for other reasons, register again and again. */
    @Test
    void aWakerIsRegisteredOnce() {
        ReplyTable<String> table = new ReplyTable<>(1);
        long ticket = table.open(receiver.sender());
        CountingWaker other = new CountingWaker();
        CountingWaker third = new CountingWaker();
        for (int i = 0; i < 10; i++) {
            table.onRoom(waker);
            table.onRoom(other);
            table.onRoom(third);
        }
        assertThat(table.send(ticket, "reply")).isTrue();
        assertThat(List.of(waker.count(), other.count(), third.count())).containsOnly(1);
    }

    /** It needs one slot; the other one is free. */
    @Test
    void anOpenThatReclaimsTwoSlotsCallsTheWaker() {
        ReplyTable<String> table = new ReplyTable<>(2);
        Receiver<String> other = new Receiver<>();
        assertThat(table.open(receiver.sender())).isNotZero();
        assertThat(table.open(other.sender())).isNotZero();
        table.onRoom(waker);
        receiver.abandon();
        other.abandon();
        assertThat(waker.count()).isZero();
        assertThat(table.open(receiver.sender())).isNotZero();
        assertThat(waker.count()).isEqualTo(1);
        assertThat(table.open(other.sender())).isNotZero();
    }

    /** A slot that stays reserved for another sender is room as well. */
    @Test
    void aReservedSlotIsRoom() {
        ReplyTable<String> table = new ReplyTable<>(1);
        Receiver<String> recycling = Receiver.recycling();
        long ticket = table.open(recycling.sender());
        table.onRoom(waker);
        assertThat(table.send(ticket, "reply")).isTrue();
        assertThat(waker.count()).isEqualTo(1);
        table.onRoom(waker);
        assertThat(waker.count()).isEqualTo(2);
        assertThat(table.open(receiver.sender())).isNotZero();
    }

    @Test
    void everyWakerIsCalledEvenIfOneThrows() {
        ReplyTable<String> table = new ReplyTable<>(1);
        long ticket = table.open(receiver.sender());
        List<CountingWaker> wakers =
                Stream.generate(CountingWaker::new).limit(5).toList();
        table.onRoom(wakers.get(0));
        table.onRoom(wakers.get(1));
        table.onRoom(() -> {
            throw new IllegalStateException("from a waker");
        });
        wakers.subList(2, 5).forEach(table::onRoom);
        Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
        try {
            Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> waker.wake());
            assertThat(table.send(ticket, "reply")).isTrue();
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(before);
        }
        assertThat(waker.count()).as("reported").isEqualTo(1);
        assertThat(wakers).allMatch(counting -> counting.count() == 1);
    }

    @Test
    void aFullQueueCallsTheWaker() {
        ReplyQueue<String> queue = new ReplyQueue<>(2);
        assertThat(queue.open(new Receiver<String>().sender())).isTrue();
        assertThat(queue.open(receiver.sender(), 10)).isTrue();
        queue.onRoom(waker);
        assertThat(queue.expire(10)).isEqualTo(1);
        assertThat(waker.count()).as("it keeps its place").isZero();
        assertThat(queue.send("reply")).isTrue();
        assertThat(waker.count()).isEqualTo(1);
        assertThat(queue.open(new Receiver<String>().sender())).isTrue();
        queue.onRoom(waker);
        assertThat(queue.failAll(CAUSE)).isEqualTo(1);
        assertThat(waker.count()).isEqualTo(2);
        assertThat(queue.open(new Receiver<String>().sender())).isTrue();
        assertThat(queue.open(new Receiver<String>().sender())).isTrue();
        queue.onRoom(waker);
        assertThat(queue.fail(CAUSE)).isTrue();
        assertThat(waker.count()).isEqualTo(3);
        assertThatNullPointerException().isThrownBy(() -> queue.onRoom(null));
    }
}
