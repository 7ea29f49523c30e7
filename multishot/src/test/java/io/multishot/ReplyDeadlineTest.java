package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines, in every kind of table and in a queue. Time is a number here, so nothing waits. */
class ReplyDeadlineTest {
    private final Receiver<String> receiver = new Receiver<>();
    private final Receiver<String> other = new Receiver<>();

    /** A table or a queue. */
    private record Holder(String name, Opening opening, Expiry expiry, Bound bound, Reply reply) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Opening {
        boolean open(Sender<String> sender, Long deadline);
    }

    private interface Expiry {
        int expire(long now);
    }

    private interface Bound {
        long nanosUntilExpiry(long now);
    }

    /** Answers the oldest request. */
    private interface Reply {
        boolean send(String value);
    }

    private static List<Holder> holders() {
        return List.of(
                table("64 bits", () -> new ReplyTable<>(8)),
                table("16 bits", () -> ReplyTable.ofBits(16, 8)),
                table("8 bits", () -> ReplyTable.ofBits(8, 255)),
                queue(8));
    }

    /** More slots than a walk passes at a time. */
    private static List<Holder> largeHolders() {
        return List.of(
                table("64 bits", () -> new ReplyTable<>(1_000)),
                table("16 bits", () -> ReplyTable.ofBits(16, 1_000)),
                queue(1_000));
    }

    private static Holder table(String name, Supplier<ReplyTable<String>> maker) {
        ReplyTable<String> table = maker.get();
        ArrayDeque<Long> tickets = new ArrayDeque<>();
        return new Holder(
                name,
                (sender, deadline) -> {
                    long ticket = deadline == null ? table.open(sender) : table.open(sender, (long) deadline);
                    return ticket != ReplyTable.NO_TICKET && tickets.add(ticket);
                },
                table::expire,
                table::nanosUntilExpiry,
                value -> table.send(tickets.remove(), value));
    }

    private static Holder queue(int capacity) {
        ReplyQueue<String> queue = new ReplyQueue<>(capacity);
        return new Holder(
                "queue",
                (sender, deadline) -> deadline == null ? queue.open(sender) : queue.open(sender, (long) deadline),
                queue::expire,
                queue::nanosUntilExpiry,
                queue::send);
    }

    @ParameterizedTest
    @MethodSource("holders")
    void aRequestIsFailedWhenItsDeadlineHasPassedAndNotBefore(Holder holder) {
        assertThat(holder.opening.open(receiver.sender(), 1_000L)).isTrue();
        assertThat(holder.expiry.expire(999)).isZero();
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.PENDING);
        assertThat(holder.expiry.expire(1_000)).isEqualTo(1);
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.FAILED);
        assertThat(receiver.takeFailure())
                .isInstanceOf(RequestTimeoutException.class)
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("deadline");
        assertThat(holder.expiry.expire(2_000)).as("once only").isZero();
        assertThat(holder.reply.send("late")).isFalse();
    }

    /** The number that stands for no deadline is one of the times, too. */
    @ParameterizedTest
    @MethodSource("holders")
    void noTimeMeansThatThereIsNoDeadline(Holder holder) {
        assertThat(holder.opening.open(receiver.sender(), Long.MIN_VALUE)).isTrue();
        assertThat(holder.bound.nanosUntilExpiry(Long.MIN_VALUE)).isEqualTo(1);
        assertThat(holder.expiry.expire(Long.MIN_VALUE + 1)).isEqualTo(1);
        assertThat(receiver.takeFailure()).isInstanceOf(RequestTimeoutException.class);
    }

    @ParameterizedTest
    @MethodSource("holders")
    void aRequestWithoutADeadlineIsNeverLate(Holder holder) {
        assertThat(holder.opening.open(receiver.sender(), null)).isTrue();
        assertThat(holder.expiry.expire(Long.MAX_VALUE / 2)).isZero();
        assertThat(holder.opening.open(other.sender(), 5L)).isTrue();
        assertThat(holder.expiry.expire(Long.MAX_VALUE / 2)).isEqualTo(1);
        assertThat(holder.reply.send("reply")).isTrue();
        assertThat(receiver.take()).isEqualTo("reply");
    }

    /** Across the point at which the number starts over, and at numbers with a meaning inside. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                -1,
                1,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                Long.MIN_VALUE + 1,
                Long.MAX_VALUE - 500,
                (-1L << 62) - 1_000
            })
    void timeMayBeAnyNumber(long start) {
        for (Holder holder : holders()) {
            try (Receiver<String> requester = new Receiver<>()) {
                assertThat(holder.opening.open(requester.sender(), start + 1_000))
                        .isTrue();
                assertThat(holder.bound.nanosUntilExpiry(start)).isBetween(1_000L, 1_001L);
                assertThat(holder.expiry.expire(start + 999)).isZero();
                assertThat(holder.expiry.expire(start + 1_001)).isEqualTo(1);
            }
        }
    }

    private static final long FOREVER = Long.MAX_VALUE;

    /** Beside a request that is late, the difference of two deadlines does not fit into a long. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1L << 62, 1L << 62})
    void theLongestTimeoutHidesNoLateRequest(long start) {
        for (Holder holder : holders()) {
            Receiver<String> late = new Receiver<>();
            assertThat(holder.opening.open(late.sender(), start + 1_000)).isTrue();
            assertThat(holder.opening.open(other.sender(), start + 2_000 + FOREVER))
                    .isTrue();
            assertThat(holder.bound.nanosUntilExpiry(start + 2_000)).isZero();
            assertThat(holder.expiry.expire(start + 2_000)).isEqualTo(1);
            assertThat(late.takeFailure()).isInstanceOf(RequestTimeoutException.class);
            assertThat(holder.bound.nanosUntilExpiry(start + 3_000)).isEqualTo(FOREVER - 1_000);
            assertThat(holder.expiry.expire(start + 1_000 + FOREVER)).isZero();
            assertThat(holder.expiry.expire(start + 2_000 + FOREVER)).isEqualTo(1);
            assertThat(other.takeFailure()).isInstanceOf(RequestTimeoutException.class);
        }
    }

    /** The clock was read for {@code expire}, then once more, a moment later, for the deadline. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1L << 62, 1L << 62})
    void theLongestTimeoutFromALaterReadingIsNotLate(long start) {
        for (Holder holder : holders()) {
            assertThat(holder.opening.open(other.sender(), start + 50 + FOREVER))
                    .isTrue();
            assertThat(holder.bound.nanosUntilExpiry(start)).isEqualTo(FOREVER);
            assertThat(holder.expiry.expire(start)).isZero();
            assertThat(holder.bound.nanosUntilExpiry(start + 51)).isEqualTo(FOREVER - 1);
            assertThat(holder.reply.send("reply")).isTrue();
            assertThat(other.take()).isEqualTo("reply");
        }
    }

    @ParameterizedTest
    @MethodSource("holders")
    void everyDeadlineHasPassedAtTheEndOfAllTimes(Holder holder) {
        assertThat(holder.opening.open(receiver.sender(), 1L)).isTrue();
        assertThat(holder.opening.open(other.sender(), Long.MAX_VALUE)).isTrue();
        assertThat(holder.bound.nanosUntilExpiry(Long.MAX_VALUE)).isZero();
        assertThat(holder.expiry.expire(Long.MAX_VALUE)).isEqualTo(2);
    }

    /** A requester whose timeout has passed asks again at once, in a slot that the walk has passed. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1L << 62, 1L << 62})
    void theLongestTimeoutThatBeginsInAWalkHidesNoRequest(long start) {
        for (Holder holder : holders()) {
            Receiver<String> answered = new Receiver<>();
            Receiver<String> late = new Receiver<>();
            Receiver<String> next = new Receiver<>();
            Receiver<String> again = new Receiver<>();
            assertThat(holder.opening.open(answered.sender(), null)).isTrue();
            assertThat(holder.opening.open(late.sender(), start + 100)).isTrue();
            assertThat(holder.opening.open(next.sender(), start + 10_000)).isTrue();
            assertThat(holder.reply.send("reply")).isTrue();
            assertThat(late.poll(() -> holder.opening.open(again.sender(), start + 150 + FOREVER)))
                    .isEqualTo(Poll.PENDING);
            assertThat(holder.expiry.expire(start + 100)).isEqualTo(1);
            assertThat(holder.bound.nanosUntilExpiry(start + 200)).isBetween(0L, 9_800L);
            assertThat(holder.expiry.expire(start + 10_000)).isEqualTo(1);
            assertThat(next.takeFailure()).isInstanceOf(RequestTimeoutException.class);
            assertThat(holder.bound.nanosUntilExpiry(start + 10_000)).isEqualTo(FOREVER - 9_850);
        }
    }

    /** Another one is opened after it, before it, and both. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1L << 62, 1L << 62})
    void theLongestTimeoutDelaysNoOtherRequest(long start) {
        for (Holder holder : holders()) {
            List<Receiver<String>> requesters =
                    Stream.generate(() -> new Receiver<String>()).limit(4).toList();
            assertThat(holder.opening.open(requesters.get(0).sender(), start + 500))
                    .isTrue();
            assertThat(holder.opening.open(requesters.get(1).sender(), start + FOREVER))
                    .isTrue();
            assertThat(holder.opening.open(requesters.get(2).sender(), start + 3_000))
                    .isTrue();
            assertThat(holder.opening.open(requesters.get(3).sender(), start + 2_000))
                    .isTrue();
            assertThat(holder.bound.nanosUntilExpiry(start)).isZero();
            assertThat(holder.expiry.expire(start + 500)).isEqualTo(1);
            for (int late : new int[] {3, 2}) {
                long deadline = start + (5 - late) * 1_000L;
                assertThat(holder.expiry.expire(deadline - 1)).isZero();
                assertThat(holder.bound.nanosUntilExpiry(deadline - 1)).isEqualTo(1);
                assertThat(holder.expiry.expire(deadline)).isEqualTo(1);
                assertThat(requesters.get(late).takeFailure()).isInstanceOf(RequestTimeoutException.class);
            }
            assertThat(holder.bound.nanosUntilExpiry(start + 3_000)).isEqualTo(FOREVER - 3_000);
        }
    }

    /** The bound that a walk left and the deadlines that were included since are compared as well. */
    @ParameterizedTest
    @MethodSource("holders")
    void theLongestTimeoutHidesNoRequestThatAWalkFound(Holder holder) {
        Receiver<String> early = new Receiver<>();
        assertThat(holder.opening.open(early.sender(), 500L)).isTrue();
        assertThat(holder.opening.open(receiver.sender(), 1_000L)).isTrue();
        assertThat(holder.expiry.expire(500)).isEqualTo(1);
        assertThat(holder.opening.open(other.sender(), 2_000 + FOREVER)).isTrue();
        assertThat(holder.bound.nanosUntilExpiry(2_000)).isZero();
        assertThat(holder.expiry.expire(2_000)).isEqualTo(1);
        assertThat(receiver.takeFailure()).isInstanceOf(RequestTimeoutException.class);
    }

    /** A deadline is that of a request, not of its slot. */
    @ParameterizedTest
    @MethodSource("holders")
    void theNextRequestInTheSlotIsNotLate(Holder holder) {
        for (Receiver<String> requester : List.of(receiver, Receiver.<String>recycling())) {
            for (int i = 0; i < 40; i++) {
                assertThat(holder.opening.open(requester.sender(), 10L)).isTrue();
                assertThat(holder.reply.send("reply")).isTrue();
                assertThat(requester.take()).isEqualTo("reply");
                assertThat(holder.opening.open(requester.sender(), i % 2 == 0 ? null : (Long) 100L))
                        .isTrue();
                assertThat(holder.expiry.expire(50)).isZero();
                assertThat(holder.reply.send("reply")).isTrue();
                assertThat(requester.take()).isEqualTo("reply");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("largeHolders")
    void oneCallFailsAllThatAreLateWithOneException(Holder holder) {
        List<Receiver<String>> requesters =
                Stream.generate(Receiver<String>::new).limit(900).toList();
        for (int i = 0; i < 900; i++) {
            assertThat(holder.opening.open(requesters.get(i).sender(), (long) (i / 300)))
                    .isTrue();
        }
        assertThat(holder.expiry.expire(1)).isEqualTo(600);
        Throwable cause = requesters.get(0).takeFailure();
        assertThat(requesters.subList(1, 600))
                .allSatisfy(requester -> assertThat(requester.takeFailure()).isSameAs(cause));
        assertThat(holder.expiry.expire(2)).isEqualTo(300);
        assertThat(requesters.get(600).takeFailure()).isNotSameAs(cause);
    }

    @ParameterizedTest
    @MethodSource("holders")
    void theBoundIsNeverLaterThanTheEarliestDeadline(Holder holder) {
        assertThat(holder.bound.nanosUntilExpiry(0)).isEqualTo(Long.MAX_VALUE);
        assertThat(holder.opening.open(receiver.sender(), 300L)).isTrue();
        assertThat(holder.bound.nanosUntilExpiry(100)).isEqualTo(200);
        assertThat(holder.opening.open(other.sender(), 200L)).isTrue();
        assertThat(holder.bound.nanosUntilExpiry(100)).isEqualTo(100);
        assertThat(holder.bound.nanosUntilExpiry(900)).isZero();
        assertThat(holder.expiry.expire(200)).isEqualTo(1);
        assertThat(holder.bound.nanosUntilExpiry(200)).isEqualTo(100);
        assertThat(holder.reply.send("reply")).isTrue();
        assertThat(holder.bound.nanosUntilExpiry(200))
                .as("of a request that is over")
                .isEqualTo(100);
        assertThat(holder.expiry.expire(300)).isZero();
        assertThat(holder.bound.nanosUntilExpiry(300)).as("nothing is left").isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("largeHolders")
    void eachOfManyRequestsIsFailedAtItsOwnDeadline(Holder holder) {
        int latest = 500;
        int[] late = new int[latest + 1];
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            int deadline = random.nextInt(latest) + 1;
            late[deadline]++;
            assertThat(holder.opening.open(new Receiver<String>().sender(), (long) deadline))
                    .isTrue();
        }
        for (int now = 0; now < latest; now++) {
            int next = now + 1;
            while (next < latest && late[next] == 0) {
                next++;
            }
            assertThat(holder.expiry.expire(now)).isEqualTo(late[now]);
            assertThat(holder.bound.nanosUntilExpiry(now)).isEqualTo(late[next] == 0 ? Long.MAX_VALUE : next - now);
        }
    }

    @ParameterizedTest
    @MethodSource("holders")
    void aRequestWhoseReceiverLeftIsNotCounted(Holder holder) {
        assertThat(holder.opening.open(receiver.sender(), 10L)).isTrue();
        assertThat(receiver.abandon()).isTrue();
        assertThat(holder.expiry.expire(10)).isZero();
        assertThat(holder.expiry.expire(11)).isZero();
    }

    /** A sender that was consumed elsewhere must not keep the others waiting; and its request is over. */
    @ParameterizedTest
    @MethodSource("holders")
    void aConsumedSenderIsReportedLast(Holder holder) {
        Sender<String> consumed = receiver.sender();
        assertThat(holder.opening.open(consumed, 10L)).isTrue();
        assertThat(holder.opening.open(other.sender(), 10L)).isTrue();
        assertThat(consumed.drop()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> holder.expiry.expire(10));
        assertThat(other.takeFailure()).isInstanceOf(RequestTimeoutException.class);
        assertThat(holder.expiry.expire(11)).isZero();
        assertThat(holder.bound.nanosUntilExpiry(11)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anExpiredRequestIsNotCountedAsRefusedButItsReplyIs() {
        ReplyTable<String> table = new ReplyTable<>(1);
        long ticket = table.open(receiver.sender(), 10);
        assertThat(table.expire(10)).isEqualTo(1);
        assertThat(table.refused()).isZero();
        assertThat(table.send(ticket, "late")).isFalse();
        assertThat(table.refused()).isEqualTo(1);
    }

    @Test
    void aContextIsThatOfTheRequestInFlight() {
        for (ReplyTable<String> table : List.of(new ReplyTable<String>(2), ReplyTable.<String>ofBits(8, 2))) {
            long plain = table.open(other.sender());
            assertThat(table.context(plain)).isNull();
            long ticket = table.open(receiver.sender(), "question");
            assertThat(table.context(ticket)).isEqualTo("question");
            assertThat(table.context(plain)).isNull();
            assertThat(table.context(ticket + 1)).isNull();
            assertThat(table.send(ticket, "answer")).isTrue();
            assertThat(table.context(ticket)).as("it is over").isNull();
            long next = table.open(receiver.sender());
            assertThat(table.context(next))
                    .as("of the last request in the slot")
                    .isNull();
            long last = table.open(new Receiver<String>().sender());
            assertThat(last).as("full").isZero();
            assertThat(table.drop(next)).isTrue();
            assertThat(table.context(next)).isNull();
            table.failAll(new Exception("gone"));
            other.abandon();
            long both = table.open(other.sender(), "both", 10);
            assertThat(table.context(both)).isEqualTo("both");
            assertThat(table.expire(10)).isEqualTo(1);
            assertThat(table.context(both)).isNull();
            assertThat(other.takeFailure()).isInstanceOf(RequestTimeoutException.class);
        }
    }

    @Test
    void aRecycledSenderInItsOwnSlotHasTheContextOfTheRound() {
        ReplyTable<String> table = new ReplyTable<>(4);
        Receiver<String> recycling = Receiver.recycling();
        for (int i = 0; i < 100; i++) {
            Object context = i % 3 == 0 ? null : (Object) i;
            long ticket = context == null ? table.open(recycling.sender()) : table.open(recycling.sender(), context);
            assertThat(table.context(ticket)).isEqualTo(context);
            assertThat(table.send(ticket, "reply")).isTrue();
            assertThat(recycling.take()).isEqualTo("reply");
        }
    }
}
