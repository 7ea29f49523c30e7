package io.multishot.verification.lincheck;

import io.multishot.Receiver;
import io.multishot.ReplyQueue;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A requester that finds the table or the queue full registers a waker, and is called when there is room. */
@Tag("interleavings")
class ReplyRoomInterleavingsTest {
    private static final Exception CAUSE = new Exception("gone");
    private static final long LONG_AFTER = 1_000_000_000_000L;

    /** What frees the only slot of a table. */
    enum Freeing {
        REPLY {
            @Override
            void of(ReplyTable<String> table, long ticket) {
                Require.that(table.send(ticket, "reply"), "the request is in flight");
            }
        },
        CLAIM {
            @Override
            void of(ReplyTable<String> table, long ticket) {
                Require.that(table.claim(ticket) != null, "the request is in flight");
            }
        },
        FAIL {
            @Override
            void of(ReplyTable<String> table, long ticket) {
                Require.that(table.fail(ticket, CAUSE), "the request is in flight");
            }
        },
        FAIL_ALL {
            @Override
            void of(ReplyTable<String> table, long ticket) {
                Require.that(table.failAll(CAUSE) == 1, "the request is in flight");
            }
        },
        CLOSE {
            @Override
            void of(ReplyTable<String> table, long ticket) {
                table.close();
            }
        };

        abstract void of(ReplyTable<String> table, long ticket);
    }

    /** The wake-up is not lost, whether the registration or the free slot comes first; and there is only one. */
    @ParameterizedTest
    @EnumSource
    void onRoomAgainstWhatFreesTheOnlySlot(Freeing freeing) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = Receiver.recycling();
            long ticket = table.open(receiver.sender());
            WakeCounter waker = new WakeCounter();
            ScenarioThread<Void> other = ScenarioThread.start(
                    () -> {
                        freeing.of(table, ticket);
                        return null;
                    },
                    table,
                    receiver,
                    waker);

            table.onRoom(waker);

            other.join();
            Require.that(waker.calls() == 1, "called once");
        });
    }

    @Test
    void onRoomAgainstTheDropOfASafeSender() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = new Receiver<>();
            long ticket = table.open(receiver.sender());
            WakeCounter waker = new WakeCounter();
            ScenarioThread<Boolean> dropping = ScenarioThread.start(() -> table.drop(ticket), table, receiver, waker);

            table.onRoom(waker);

            Require.that(dropping.join(), "the request is in flight");
            Require.that(waker.calls() == 1, "called once");
        });
    }

    /** An orphan's slot is free when its reply has come. */
    @Test
    void onRoomAgainstALateReply() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofBits(8, 1);
            long ticket = table.open(new Receiver<String>().sender());
            Require.that(table.drop(ticket), "the request is in flight");
            WakeCounter waker = new WakeCounter();
            ScenarioThread<Boolean> replying = ScenarioThread.start(() -> table.send(ticket, "late"), table, waker);

            table.onRoom(waker);

            Require.that(!replying.join(), "the late reply is refused");
            Require.that(waker.calls() == 1, "called once");
        });
    }

    @Test
    void onRoomAgainstTheReleaseOfAnOrphan() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = ReplyTable.ofBits(8, 1);
            Require.that(table.drop(table.open(new Receiver<String>().sender())), "the request is in flight");
            WakeCounter waker = new WakeCounter();
            ScenarioThread<Integer> releasing =
                    ScenarioThread.start(() -> table.releaseOrphans(System.nanoTime() + LONG_AFTER), table, waker);

            table.onRoom(waker);

            Require.that(releasing.join() == 1, "the slot is free");
            Require.that(waker.calls() == 1, "called once");
        });
    }

    /** Two requesters, one slot: both are called. */
    @Test
    void onRoomAgainstOnRoom() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            long ticket = table.open(new Receiver<String>().sender());
            WakeCounter mine = new WakeCounter();
            WakeCounter theirs = new WakeCounter();
            ScenarioThread<Void> other = ScenarioThread.start(
                    () -> {
                        table.onRoom(theirs);
                        return null;
                    },
                    table,
                    mine,
                    theirs);

            table.onRoom(mine);
            Require.that(table.send(ticket, "reply"), "the request is in flight");

            other.join();
            Require.that(mine.calls() == 1 && theirs.calls() == 1, "each is called once");
        });
    }

    /** An open reclaims two slots and needs one. Meanwhile another requester finds the table full. */
    @Test
    void onRoomAgainstAnOpenThatReclaims() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(2);
            Receiver<String> left = new Receiver<>();
            for (int i = 0; i < 2; i++) {
                Require.that(table.open(left.sender()) != ReplyTable.NO_TICKET, "there is room");
                left.abandon();
            }
            Sender<String> mine = new Receiver<String>().sender();
            Sender<String> theirs = new Receiver<String>().sender();
            WakeCounter waker = new WakeCounter();
            ScenarioThread<Long> opening = ScenarioThread.start(() -> table.open(theirs), table, theirs, waker);

            boolean full = table.open(mine) == ReplyTable.NO_TICKET;
            if (full) {
                table.onRoom(waker);
            }

            boolean bothFull = opening.join() == ReplyTable.NO_TICKET && full;
            Require.that(!bothFull, "one of them reclaims");
            Require.that(waker.calls() == (full ? 1 : 0), "called if it waits beside a free slot");
            Require.that(!full || table.open(mine) != ReplyTable.NO_TICKET, "there is room");
        });
    }

    /** What makes room in a queue. */
    enum QueueFreeing {
        REPLY {
            @Override
            void of(ReplyQueue<String> queue) {
                Require.that(queue.send("reply"), "the request is in flight");
            }
        },
        LATE_REPLY {
            @Override
            void of(ReplyQueue<String> queue) {
                Require.that(queue.expire(10) == 1, "the request is late");
                Require.that(!queue.send("late"), "nobody wants the reply");
            }
        },
        FAIL {
            @Override
            void of(ReplyQueue<String> queue) {
                Require.that(queue.fail(CAUSE), "the request is in flight");
            }
        },
        FAIL_ALL {
            @Override
            void of(ReplyQueue<String> queue) {
                Require.that(queue.failAll(CAUSE) == 1, "the request is in flight");
            }
        },
        CLOSE {
            @Override
            void of(ReplyQueue<String> queue) {
                queue.close();
            }
        };

        abstract void of(ReplyQueue<String> queue);
    }

    @ParameterizedTest
    @EnumSource
    void onRoomOfAQueueAgainstWhatFreesTheOnlyPlace(QueueFreeing freeing) {
        Interleavings.explore(() -> {
            ReplyQueue<String> queue = new ReplyQueue<>(1);
            Receiver<String> receiver = new Receiver<>();
            Require.that(queue.open(receiver.sender(), 10), "there is room");
            WakeCounter waker = new WakeCounter();
            ScenarioThread<Void> other = ScenarioThread.start(
                    () -> {
                        freeing.of(queue);
                        return null;
                    },
                    queue,
                    receiver,
                    waker);

            queue.onRoom(waker);

            other.join();
            Require.that(waker.calls() == 1, "called once");
        });
    }
}
