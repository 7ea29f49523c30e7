package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.ReplyQueue;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Requests are late while others are answered and opened. A request is failed if its own deadline has passed, and never
 * forgotten. Time is a number here. And contexts, which stand beside the deadlines.
 */
@Tag("interleavings")
class DeadlineInterleavingsTest {
    private static final Exception CAUSE = new Exception("gone");
    private static final WakeCounter WAKER = new WakeCounter();

    /** What has deadlines, with room for so many requests. */
    enum Holder {
        TABLE {
            @Override
            Requests holding(int capacity) {
                return new TableRequests(new ReplyTable<>(capacity));
            }
        },
        FEW_BITS {
            @Override
            Requests holding(int capacity) {
                return new TableRequests(ReplyTable.ofBits(8, capacity));
            }
        },
        QUEUE {
            @Override
            Requests holding(int capacity) {
                return new QueuedRequests(new ReplyQueue<>(capacity));
            }
        };

        abstract Requests holding(int capacity);
    }

    /** A table or a queue, as far as they have the same calls. */
    private abstract static class Requests {
        abstract boolean open(Sender<String> sender, long deadline);

        /** Answers the oldest request. */
        abstract boolean send(String value);

        abstract int expire(long now);

        abstract int failAll();

        abstract long nanosUntilExpiry(long now);
    }

    private static final class TableRequests extends Requests {
        private final ReplyTable<String> table;
        private final long[] tickets = new long[4];
        private int opened;
        private int answered;

        TableRequests(ReplyTable<String> table) {
            this.table = table;
        }

        @Override
        boolean open(Sender<String> sender, long deadline) {
            long ticket = table.open(sender, deadline);
            tickets[opened] = ticket;
            opened += ticket == ReplyTable.NO_TICKET ? 0 : 1;
            return ticket != ReplyTable.NO_TICKET;
        }

        @Override
        boolean send(String value) {
            long ticket = tickets[answered];
            answered++;
            return table.send(ticket, value);
        }

        @Override
        int expire(long now) {
            return table.expire(now);
        }

        @Override
        int failAll() {
            return table.failAll(CAUSE);
        }

        @Override
        long nanosUntilExpiry(long now) {
            return table.nanosUntilExpiry(now);
        }
    }

    private static final class QueuedRequests extends Requests {
        private final ReplyQueue<String> queue;

        QueuedRequests(ReplyQueue<String> queue) {
            this.queue = queue;
        }

        @Override
        boolean open(Sender<String> sender, long deadline) {
            return queue.open(sender, deadline);
        }

        @Override
        boolean send(String value) {
            return queue.send(value);
        }

        @Override
        int expire(long now) {
            return queue.expire(now);
        }

        @Override
        int failAll() {
            return queue.failAll(CAUSE);
        }

        @Override
        long nanosUntilExpiry(long now) {
            return queue.nanosUntilExpiry(now);
        }
    }

    @ParameterizedTest
    @EnumSource
    void expireAgainstExpire(Holder holder) {
        Interleavings.explore(() -> {
            Requests requests = holder.holding(2);
            Receiver<String> receiver = new Receiver<>();
            Receiver<String> patient = new Receiver<>();
            Require.that(requests.open(receiver.sender(), 10), "there is room");
            Require.that(requests.open(patient.sender(), 30), "there is room");
            ScenarioThread<Integer> other = ScenarioThread.start(() -> requests.expire(10), requests, receiver);

            int mine = requests.expire(10);

            Require.that(mine + other.join() == 1, "one call fails the request");
            Require.that(receiver.poll(WAKER) == Poll.FAILED, "one outcome");
            Require.that(patient.poll(WAKER) == Poll.PENDING, "no request is failed early");
            Require.that(requests.nanosUntilExpiry(10) <= 20, "the other request is not forgotten");
            Require.that(requests.expire(30) == 1, "and failed in time");
            Require.that(requests.nanosUntilExpiry(30) == Long.MAX_VALUE, "nothing is left");
        });
    }

    @ParameterizedTest
    @EnumSource
    void expireAgainstReply(Holder holder) {
        Interleavings.explore(() -> {
            Requests requests = holder.holding(1);
            Receiver<String> receiver = Receiver.recycling();
            Require.that(requests.open(receiver.sender(), 10), "there is room");
            ScenarioThread<Integer> expiring = ScenarioThread.start(() -> requests.expire(10), requests, receiver);

            boolean answered = requests.send("reply");

            Require.that(expiring.join() == (answered ? 0 : 1), "answered or late, never both, never neither");
            Require.that(receiver.poll(WAKER) == (answered ? Poll.READY : Poll.FAILED), "the outcome is the winner's");
            Require.that(requests.open(new Receiver<String>().sender(), 20), "the slot is free");
        });
    }

    /** The reply comes in time, and the slot has another request when the walk arrives there. */
    @ParameterizedTest
    @EnumSource
    void expireAgainstTheNextRequestInTheSlot(Holder holder) {
        Interleavings.explore(() -> {
            Requests requests = holder.holding(1);
            Receiver<String> receiver = Receiver.recycling();
            Require.that(requests.open(receiver.sender(), 10), "there is room");
            ScenarioThread<Integer> expiring = ScenarioThread.start(() -> requests.expire(10), requests, receiver);

            boolean answered = requests.send("reply");
            Require.that(receiver.poll(WAKER) == Poll.READY || !answered, "the reply has arrived");
            Receiver<String> next = answered ? receiver : new Receiver<>();
            if (answered) {
                receiver.take();
            }
            Require.that(requests.open(next.sender(), 30), "the slot is free");

            Require.that(requests.nanosUntilExpiry(10) <= 20, "the bound is no later than the new deadline");
            Require.that(expiring.join() == (answered ? 0 : 1), "what is late is the first request");
            Require.that(next.poll(WAKER) == Poll.PENDING, "the next request is not late");
            Require.that(requests.nanosUntilExpiry(10) <= 20, "it is not forgotten");
            Require.that(requests.expire(30) == 1, "and failed in time");
        });
    }

    /** A request is opened while a walk goes on, which may have passed its slot, or not. */
    @ParameterizedTest
    @EnumSource
    void openAgainstExpire(Holder holder) {
        Interleavings.explore(() -> {
            Requests requests = holder.holding(3);
            Receiver<String> late = new Receiver<>();
            Require.that(requests.open(late.sender(), 10), "there is room");
            Require.that(requests.open(new Receiver<String>().sender(), 90), "there is room");
            Receiver<String> receiver = new Receiver<>();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Integer> expiring = ScenarioThread.start(() -> requests.expire(10), requests, late, sender);

            Require.that(requests.open(sender, 30), "there is room");

            Require.that(requests.nanosUntilExpiry(10) <= 20, "the bound is no later than the new deadline");
            Require.that(expiring.join() == 1, "one request is late");
            Require.that(requests.nanosUntilExpiry(10) <= 20, "the walk does not raise it past the new deadline");
            Require.that(receiver.poll(WAKER) == Poll.PENDING, "the new request is not late");
            Require.that(requests.expire(30) == 1, "it is failed in time");
            Require.that(requests.nanosUntilExpiry(30) == 60, "the bound is that of the last request");
        });
    }

    /** A second walk must not raise the bound with what it found before the first one has ended. */
    @ParameterizedTest
    @EnumSource
    void openAgainstTwoWalks(Holder holder) {
        Interleavings.explore(() -> {
            Requests requests = holder.holding(2);
            Receiver<String> late = new Receiver<>();
            Require.that(requests.open(late.sender(), 10), "there is room");
            Sender<String> sender = new Receiver<String>().sender();
            ScenarioThread<Integer> one = ScenarioThread.start(() -> requests.expire(10), requests, late, sender);
            ScenarioThread<Integer> two = ScenarioThread.start(() -> requests.expire(10), requests, late, sender);

            Require.that(requests.open(sender, 30), "there is room");

            Require.that(requests.nanosUntilExpiry(10) <= 20, "the bound is no later than the new deadline");
            Require.that(one.join() + two.join() == 1, "one request is late");
            Require.that(requests.nanosUntilExpiry(10) <= 20, "the walks do not raise it past the new deadline");
            Require.that(requests.expire(30) == 1, "the new request is failed in time");
        });
    }

    @ParameterizedTest
    @EnumSource
    void expireAgainstFailAll(Holder holder) {
        Interleavings.explore(() -> {
            Requests requests = holder.holding(1);
            Receiver<String> receiver = new Receiver<>();
            Require.that(requests.open(receiver.sender(), 10), "there is room");
            ScenarioThread<Integer> failing = ScenarioThread.start(requests::failAll, requests, receiver);

            int late = requests.expire(10);

            Require.that(late + failing.join() == 1, "one outcome");
            Require.that(receiver.poll(WAKER) == Poll.FAILED, "and it arrives");
            Require.that(requests.open(new Receiver<String>().sender(), 20), "the slot is free");
        });
    }

    // ------------------------------------------------------------------ contexts

    /** The slot of a request has its next owner when its context is read. */
    @ParameterizedTest
    @EnumSource
    void contextAgainstTheNextRequestInTheSlot(ReceiverKind kind) {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> receiver = kind.receiver();
            long ticket = table.open(receiver.sender(), "first");
            ScenarioThread<Object> reading = ScenarioThread.start(() -> table.context(ticket), table, receiver);

            Require.that(table.send(ticket, "reply"), "the request is in flight");
            Require.that(receiver.take().equals("reply"), "its reply");
            long next = table.open(receiver.sender(), "second");

            Object context = reading.join();
            Require.that(context == null || context.equals("first"), "never the next request's context");
            Require.that("second".equals(table.context(next)), "the next request has its own");
            Require.that(table.context(ticket) == null, "the first request is over");
        });
    }

    /** The same, with a slot that is reclaimed. */
    @Test
    void contextAgainstReclaim() {
        Interleavings.explore(() -> {
            ReplyTable<String> table = new ReplyTable<>(1);
            Receiver<String> left = new Receiver<>();
            long ticket = table.open(left.sender(), "first");
            left.abandon();
            Sender<String> sender = new Receiver<String>().sender();
            ScenarioThread<Object> reading = ScenarioThread.start(() -> table.context(ticket), table, left, sender);

            long next = table.open(sender, "second");

            Object context = reading.join();
            Require.that(context == null || context.equals("first"), "never the next request's context");
            Require.that("second".equals(table.context(next)), "the next request has its own");
        });
    }
}
