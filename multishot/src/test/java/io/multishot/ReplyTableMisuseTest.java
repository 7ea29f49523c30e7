package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A table refuses a sender that it must not have, frees the slots of requests that their receivers gave up, and lets no
 * reply to a request that was ended behind its back reach the next one.
 */
class ReplyTableMisuseTest {
    private static final Exception CAUSE = new Exception("cause");

    private final ReplyTable<String> table = new ReplyTable<>(4);

    /** Requires that this many slots are free, and no slot twice. */
    static void requireRoom(ReplyTable<String> table, int room) {
        List<Long> tickets = new ArrayList<>();
        for (int i = 0; i < room; i++) {
            tickets.add(table.open(new Receiver<String>().sender()));
        }
        assertThat(tickets).as("slots are free").doesNotContain(ReplyTable.NO_TICKET);
        assertThat(table.open(new Receiver<String>().sender()))
                .as("no other slot is free")
                .isEqualTo(ReplyTable.NO_TICKET);
        tickets.forEach(ticket -> assertThat(table.drop(ticket)).isTrue());
    }

    // ------------------------------------------------------------------ what open refuses

    @ParameterizedTest
    @EnumSource
    void aSenderThatIsInATableIsRefusedByEachTable(Level level) {
        Receiver<String> receiver = level.receiver();
        ReplyTable<String> second = new ReplyTable<>(4);
        for (int round = 0; round < 3; round++) {
            Sender<String> sender = receiver.sender();
            long ticket = table.open(sender);
            for (ReplyTable<String> each : List.of(table, second, table)) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> each.open(sender))
                        .withMessageStartingWith("this sender is in a reply table already");
            }
            assertThat(table.inFlight()).isEqualTo(1);
            assertThat(second.inFlight()).isZero();
            assertThat(table.send(ticket, "reply")).isTrue();
            assertThat(receiver.take()).isEqualTo("reply");
        }
        requireRoom(table, 4);
        requireRoom(second, 4);
    }

    @ParameterizedTest
    @EnumSource
    void aConsumedSenderIsRefused(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        sender.send("value");
        for (int i = 0; i < 5; i++) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> table.open(sender))
                    .withMessageStartingWith("sender already consumed");
        }
        assertThat(receiver.take()).isEqualTo("value");
        assertThatIllegalStateException().isThrownBy(() -> table.open(sender));
        assertThat(table.inFlight()).isZero();
        requireRoom(table, 4);
    }

    @ParameterizedTest
    @EnumSource
    void aDetachedSenderIsRefused(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> abandoned = receiver.sender();
        receiver.abandon();
        Sender<String> closed = receiver.sender();
        receiver.close();
        for (Sender<String> detached : List.of(abandoned, closed)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> table.open(detached))
                    .withMessageStartingWith("this sender is detached");
            assertThat(detached.send("value")).isFalse();
        }
        requireRoom(table, 4);
    }

    @ParameterizedTest
    @EnumSource
    void whatAFullOrClosedTableDoesNotTakeMayBeOpenedElsewhere(Level level) {
        Receiver<String> receiver = level.receiver();
        ReplyTable<String> full = new ReplyTable<>(1);
        assertThat(full.open(new Receiver<String>().sender())).isNotEqualTo(ReplyTable.NO_TICKET);
        ReplyTable<String> closed = new ReplyTable<>(1);
        closed.close();
        for (int round = 0; round < 3; round++) {
            Sender<String> sender = receiver.sender();
            assertThat(full.open(sender)).isEqualTo(ReplyTable.NO_TICKET);
            assertThatIllegalStateException()
                    .isThrownBy(() -> closed.open(sender))
                    .withMessageContaining("closed");
            long ticket = table.open(sender);
            assertThat(table.send(ticket, "reply")).isTrue();
            assertThat(receiver.take()).isEqualTo("reply");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClaimedSenderMayBeOpenedAgain(Level level) {
        Receiver<String> receiver = level.receiver();
        ReplyTable<String> second = new ReplyTable<>(4);
        Sender<String> sender = table.claim(table.open(receiver.sender()));
        long ticket = second.open(sender);
        Sender<String> again = second.claim(ticket);
        assertThat(table.send(table.open(again), "reply")).isTrue();
        assertThat(receiver.take()).isEqualTo("reply");
        assertThat(second.send(ticket, "late")).isFalse();
    }

    // ------------------------------------------------------------------ behind the table's back

    /** What the requester does with its next round. */
    enum NextUse {
        THE_SAME_TABLE,
        ANOTHER_TABLE,
        NO_TABLE
    }

    @ParameterizedTest
    @EnumSource
    void aReplyToARequestThatWasEndedBehindTheTablesBackReachesNoLaterRound(NextUse use) {
        for (Level level : Level.values()) {
            Receiver<String> receiver = level.receiver();
            ReplyTable<String> first = new ReplyTable<>(4);
            ReplyTable<String> next = use == NextUse.THE_SAME_TABLE ? first : new ReplyTable<>(4);
            for (int round = 0; round < 10; round++) {
                Sender<String> sender = receiver.sender();
                long late = first.open(sender);
                sender.drop();
                assertThat(receiver.poll(() -> {})).isEqualTo(Poll.DROPPED);

                Sender<String> nextSender = receiver.sender();
                long ticket = use == NextUse.NO_TABLE ? ReplyTable.NO_TICKET : next.open(nextSender);
                assertThatIllegalStateException()
                        .isThrownBy(() -> first.send(late, "late"))
                        .withMessageStartingWith("sender already consumed");

                assertThat(receiver.tryReceive()).as("the late reply").isNull();
                boolean sent = use == NextUse.NO_TABLE ? nextSender.send("reply") : next.send(ticket, "reply");
                assertThat(sent).isTrue();
                assertThat(receiver.take()).isEqualTo("reply");
            }
            requireRoom(first, 4);
        }
    }

    /** It is recycled again as soon as its requests are ended through the table. */
    @Test
    void aRecyclingReceiverMakesOneNewSenderAfterEachSuchMistake() {
        Receiver<String> receiver = Receiver.recycling();
        Sender<String> first = receiver.sender();
        long late = table.open(first);
        first.drop();
        Sender<String> second = receiver.sender();
        assertThat(second).isNotSameAs(first);
        assertThat(table.drop(table.open(second))).isTrue();
        Sender<String> third = receiver.sender();
        assertThat(third == second).isEqualTo(!Checks.LEAKS);
        assertThat(third.send("value")).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> table.drop(late));
        assertThat(receiver.take()).isEqualTo("value");
    }

    /** The mistake is reported to the one who uses the ticket. */
    @ParameterizedTest
    @EnumSource
    void aSlotWhoseSenderWasConsumedIsNotReclaimed(Level level) {
        ReplyTable<String> one = new ReplyTable<>(1);
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        long ticket = one.open(sender);
        sender.drop();
        assertThat(one.open(new Receiver<String>().sender())).isEqualTo(ReplyTable.NO_TICKET);
        assertThatIllegalStateException()
                .isThrownBy(() -> one.send(ticket, "reply"))
                .withMessageStartingWith("sender already consumed");
        requireRoom(one, 1);
    }

    // ------------------------------------------------------------------ requests that the receiver gives up

    /** How a requester leaves without a word to the table. */
    enum Leaving {
        ABANDON {
            @Override
            void by(Receiver<String> receiver) {
                receiver.abandon();
            }
        },
        CLOSE {
            @Override
            void by(Receiver<String> receiver) {
                receiver.close();
            }
        },
        CANCELLED_FUTURE {
            @Override
            void by(Receiver<String> receiver) {
                receiver.receiveAsync().cancel(false);
                receiver.abandon();
            }
        },
        PENDING_FUTURE {
            @Override
            void by(Receiver<String> receiver) {
                var future = receiver.receiveAsync();
                receiver.abandon();
                assertThat(future).isCancelled();
            }
        },
        TIMEOUT {
            @Override
            void by(Receiver<String> receiver) throws InterruptedException {
                try {
                    receiver.receive(Duration.ofNanos(1));
                } catch (TimeoutException late) {
                    receiver.abandon();
                }
            }
        };

        abstract void by(Receiver<String> receiver) throws InterruptedException;
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatItsReceiverGaveUpHoldsNoSlotForever(Leaving leaving) throws Exception {
        for (Level level : Level.values()) {
            ReplyTable<String> small = new ReplyTable<>(8);
            Receiver<String> receiver = level.receiver();
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                tickets.add(small.open(receiver.sender()));
                leaving.by(receiver);
                receiver = receiver.isClosed() ? level.receiver() : receiver;
            }
            assertThat(tickets).doesNotContain(ReplyTable.NO_TICKET).doesNotHaveDuplicates();
            tickets.forEach(ticket -> assertThat(small.send(ticket, "late")).isFalse());
            assertThat(small.refused()).isEqualTo(100);
            requireRoom(small, 8);
        }
    }

    /** All at once, so that the next ones find room without a walk over the slots. */
    @ParameterizedTest
    @EnumSource
    void reclaimingFreesAllSuchSlotsAndNoOther(Level level) {
        ReplyTable<String> big = new ReplyTable<>(100);
        List<Receiver<String>> receivers = new ArrayList<>();
        List<Long> tickets = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            receivers.add(level.receiver());
            tickets.add(big.open(receivers.get(i).sender()));
        }
        for (int i = 0; i < 100; i += 3) {
            receivers.get(i).abandon();
        }
        assertThat(big.inFlight()).as("they stay until a slot is needed").isEqualTo(100);
        long ticket = big.open(level.<String>receiver().sender());
        assertThat(ticket).isNotEqualTo(ReplyTable.NO_TICKET);
        assertThat(big.inFlight()).isEqualTo(100 - 34 + 1);
        for (int i = 0; i < 100; i++) {
            boolean left = i % 3 == 0;
            assertThat(big.send(tickets.get(i), "reply " + i)).isEqualTo(!left);
            assertThat(left || receivers.get(i).take().equals("reply " + i)).isTrue();
        }
        assertThat(big.drop(ticket)).isTrue();
        assertThat(big.refused()).isEqualTo(34);
        requireRoom(big, 100);
    }

    @ParameterizedTest
    @EnumSource
    void theTicketOfAReclaimedRequestFindsNothing(Level level) {
        ReplyTable<String> one = new ReplyTable<>(1);
        Receiver<String> left = level.receiver();
        long over = one.open(left.sender());
        left.abandon();
        Receiver<String> receiver = level.receiver();
        long ticket = one.open(receiver.sender());
        assertThat(ticket).isNotIn(ReplyTable.NO_TICKET, over);
        assertThat(one.drop(over)).isFalse();
        assertThat(one.fail(over, CAUSE)).isFalse();
        assertThat(one.claim(over)).isNull();
        assertThat(one.send(over, "late")).isFalse();
        assertThat(one.refused()).isEqualTo(2);
        assertThat(receiver.tryReceive()).isNull();
        assertThat(one.send(ticket, "reply")).isTrue();
        assertThat(receiver.take()).isEqualTo("reply");
    }

    @Test
    void aTableFullOfLiveRequestsIsFull() {
        List<Receiver<String>> receivers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            receivers.add(new Receiver<>());
            assertThat(table.open(receivers.get(i).sender())).isNotEqualTo(ReplyTable.NO_TICKET);
            assertThat(receivers.get(i).poll(() -> {})).isEqualTo(Poll.PENDING);
        }
        Sender<String> sender = new Receiver<String>().sender();
        for (int i = 0; i < 10; i++) {
            assertThat(table.open(sender)).isEqualTo(ReplyTable.NO_TICKET);
        }
        receivers.get(2).abandon();
        assertThat(table.open(sender)).isNotEqualTo(ReplyTable.NO_TICKET);
        assertThat(table.inFlight()).isEqualTo(4);
    }

    // ------------------------------------------------------------------ what is counted

    @ParameterizedTest
    @EnumSource
    void aTimerThatFailsWhatWasAnsweredOrGivenUpCountsNothing(Level level) {
        Receiver<String> receiver = level.receiver();
        TimeoutException late = new TimeoutException("after " + TimeUnit.SECONDS.toMillis(1) + " ms");
        long answered = table.open(receiver.sender());
        assertThat(table.send(answered, "reply")).isTrue();
        long givenUp = table.open(receiver.sender());
        receiver.abandon();
        assertThat(table.fail(answered, late)).isFalse();
        assertThat(table.fail(givenUp, late)).isFalse();
        assertThat(table.fail(ReplyTable.NO_TICKET, late)).isFalse();
        assertThat(table.refused()).isZero();
        assertThat(table.send(answered, "duplicate")).isFalse();
        assertThat(table.claim(givenUp)).isNull();
        assertThat(table.refused()).isEqualTo(2);
    }
}
