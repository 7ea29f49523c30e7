package io.multishot;

import static io.multishot.SecondThread.jitter;
import static io.multishot.SecondThread.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two threads at one slot: whichever wins, the request has one outcome, and the next request in the slot is untouched.
 */
@Tag("race")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class ReplyTableRaceTest {
    private static final IOException CAUSE = new IOException("broken");
    private static final int ROUNDS = 50_000;

    /** A way to end a request. */
    private enum End {
        SEND(Poll.READY) {
            @Override
            boolean of(ReplyTable<Integer> table, long ticket, int round) {
                return table.send(ticket, round);
            }
        },
        FAIL(Poll.FAILED) {
            @Override
            boolean of(ReplyTable<Integer> table, long ticket, int round) {
                return table.fail(ticket, CAUSE);
            }
        },
        DROP(Poll.DROPPED) {
            @Override
            boolean of(ReplyTable<Integer> table, long ticket, int round) {
                return table.drop(ticket);
            }
        },
        CLAIM(Poll.READY) {
            @Override
            boolean of(ReplyTable<Integer> table, long ticket, int round) {
                Sender<Integer> sender = table.claim(ticket);
                return sender != null && sender.send(round);
            }
        },
        FAIL_ALL(Poll.FAILED) {
            @Override
            boolean of(ReplyTable<Integer> table, long ticket, int round) {
                return table.failAll(CAUSE) == 1;
            }
        };

        final Poll outcome;

        End(Poll outcome) {
            this.outcome = outcome;
        }

        abstract boolean of(ReplyTable<Integer> table, long ticket, int round);
    }

    /** Each way against a reply, in a table with one slot: exactly one of them ends the request. */
    @ParameterizedTest
    @EnumSource
    void exactlyOneOfTwoEndsTheRequest(End end) {
        ReplyTable<Integer> table = new ReplyTable<>(1);
        Receiver<Integer> receiver = new Receiver<>();
        RoundLimit limit = new RoundLimit(ROUNDS);
        int lost = 0;
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                long ticket = table.open(receiver.sender());
                require(ticket != ReplyTable.NO_TICKET, "a requester that has an outcome finds the slot free", i);
                second.start(() -> table.send(ticket, round));
                second.pause(i);
                boolean mine = end.of(table, ticket, -round);
                require(second.join() != mine, "one of the two ends the request", i);
                require(receiver.poll(() -> {}) == (mine ? end.outcome : Poll.READY), "the outcome is the winner's", i);
                if (!mine) {
                    require(receiver.take() == round, "the reply is that of this request", i);
                    lost++;
                }
            }
        }
        boolean counted = end == End.SEND || end == End.CLAIM;
        assertThat(table.refused()).isEqualTo(counted ? limit.rounds() : limit.rounds() - lost);
    }

    /** A late reply, a duplicate one, and the next request in the same slot. */
    @ParameterizedTest
    @EnumSource
    void aLateReplyNeverReachesTheNextRequestInTheSlot(End end) {
        ReplyTable<Integer> table = new ReplyTable<>(1);
        Receiver<Integer> receiver = new Receiver<>();
        RoundLimit limit = new RoundLimit(ROUNDS);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                long late = table.open(receiver.sender());
                second.start(() -> table.send(late, -1) | table.send(late, -2));
                second.pause(i);
                boolean mine = end.of(table, late, round);
                if (!mine) {
                    second.awaitIdle();
                }
                long next = table.open(receiver.sender());
                if (mine) {
                    jitter();
                    require(receiver.tryReceive() == null, "a late reply reached the next request", i);
                    require(table.send(next, round), "the next request is in flight", i);
                    require(receiver.take() == round, "the next request has its own reply", i);
                } else {
                    require(table.drop(next), "the next request is in flight", i);
                }
                second.join();
            }
        }
    }

    /** Of two threads that close the same table, each closes some of the slots. Together they fail each request. */
    @Test
    void closeAgainstClose() {
        RoundLimit limit = new RoundLimit(ROUNDS);
        List<Receiver<Integer>> receivers =
                Stream.generate(Receiver<Integer>::new).limit(4).toList();
        try (SecondThread<Void> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                ReplyTable<Integer> table = new ReplyTable<>(receivers.size());
                for (Receiver<Integer> each : receivers) {
                    require(table.open(each.sender()) != ReplyTable.NO_TICKET, "there is room", i);
                }
                second.start(() -> {
                    table.close();
                    return null;
                });
                second.pause(i);
                table.close();
                second.join();
                for (Receiver<Integer> each : receivers) {
                    require(each.poll(() -> {}) == Poll.FAILED, "nothing is left behind", i);
                }
            }
        }
    }

    /** Nothing that is opened while a table is closed is left behind: it is refused, or it is failed. */
    @ParameterizedTest
    @EnumSource(names = {"RECYCLING", "SAFE"})
    void openAgainstClose(Level level) {
        RoundLimit limit = new RoundLimit(ROUNDS);
        int refused = 0;
        try (SecondThread<Void> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                ReplyTable<Integer> table = new ReplyTable<>(2);
                Receiver<Integer> receiver = level.receiver();
                request(table, receiver, i); // so that a slot is reserved for a recycled sender
                Sender<Integer> sender = receiver.sender();
                second.start(() -> {
                    table.close();
                    return null;
                });
                second.pause(i);
                boolean opened = true;
                try {
                    require(table.open(sender) != ReplyTable.NO_TICKET, "the table is empty", i);
                } catch (IllegalStateException closed) {
                    opened = false;
                    refused++;
                }
                second.join();
                require(
                        receiver.poll(() -> {}) == (opened ? Poll.FAILED : Poll.PENDING),
                        "failed if it was opened, otherwise still the requester's",
                        i);
            }
        }
        assertThat(refused).isPositive().isLessThan(limit.rounds());
    }

    @ParameterizedTest
    @EnumSource(names = {"SEND", "FAIL", "DROP", "CLAIM", "FAIL_ALL"})
    void eachWayAgainstClose(End end) {
        RoundLimit limit = new RoundLimit(ROUNDS / 2);
        try (SecondThread<Void> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                ReplyTable<Integer> table = new ReplyTable<>(3);
                Receiver<Integer> receiver = new Receiver<>();
                long ticket = table.open(receiver.sender());
                second.start(() -> {
                    table.close();
                    return null;
                });
                second.pause(i);
                boolean mine = end.of(table, ticket, i);
                second.join();
                require(
                        receiver.poll(() -> {}) == (mine ? end.outcome : Poll.FAILED),
                        "it ended once, by the first one",
                        i);
            }
        }
    }

    /** A request that was opened before failAll is failed, unless it was answered before. */
    @ParameterizedTest
    @EnumSource
    void failAllLeavesNoRequestThatWasOpenedBefore(Level level) {
        ReplyTable<Integer> table = new ReplyTable<>(4);
        Receiver<Integer> before = level.receiver();
        Receiver<Integer> during = level.receiver();
        RoundLimit limit = new RoundLimit(ROUNDS / 2);
        try (SecondThread<Integer> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                require(table.open(before.sender()) != ReplyTable.NO_TICKET, "there is room", i);
                second.start(() -> table.failAll(CAUSE));
                second.pause(i);
                long ticket = table.open(during.sender());
                int failed = second.join();
                require(before.poll(() -> {}) == Poll.FAILED, "opened before, so failed", i);
                boolean mine = table.drop(ticket);
                require(during.poll(() -> {}) == (mine ? Poll.DROPPED : Poll.FAILED), "failed or still in flight", i);
                require(failed == (mine ? 1 : 2), "failAll counts what it failed", i);
            }
        }
    }

    /**
     * At most two slots of three are in use, so there is always one more. One thread's receiver makes request after
     * request, the other thread has a new receiver each time, until all slots are reserved or in use.
     */
    @ParameterizedTest
    @EnumSource(names = {"RECYCLING", "SAFE"})
    void thereIsRoomWhileReservedSlotsAreGathered(Level level) {
        RoundLimit limit = new RoundLimit(ROUNDS / 2);
        try (SecondThread<Void> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                ReplyTable<Integer> table = new ReplyTable<>(3);
                Receiver<Integer> receiver = level.receiver();
                second.start(() -> {
                    for (int requests = 0; requests < 4; requests++) {
                        request(table, new Receiver<>(), round);
                    }
                    return null;
                });
                second.pause(i);
                for (int requests = 0; requests < 4; requests++) {
                    request(table, receiver, round);
                }
                second.join();
                for (int slots = 0; slots < 3; slots++) {
                    require(table.open(new Receiver<Integer>().sender()) != ReplyTable.NO_TICKET, "no slot is lost", i);
                }
                require(table.open(receiver.sender()) == ReplyTable.NO_TICKET, "no slot is free twice", i);
            }
        }
    }

    private static void request(ReplyTable<Integer> table, Receiver<Integer> receiver, int round) {
        long ticket = table.open(receiver.sender());
        require(ticket != ReplyTable.NO_TICKET, "a slot is free", round);
        require(table.send(ticket, round), "the request is in flight", round);
        require(receiver.take() == round, "the reply is that of this request", round);
    }
}
