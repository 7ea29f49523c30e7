package io.multishot.benchmarks.table;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import io.multishot.Waker;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Each requester opens a batch of requests, then replies to them by their numbers, as a thread that reads a wire would,
 * and receives the replies. When requests time out, every tenth is given up instead, and its reply comes too late.
 * Nothing waits, so the figure is the cost of the way back. One invocation makes {@value #REQUESTS} requests, in as
 * many batches as it takes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class Requests {
    /** How many requests one invocation makes. */
    static final int REQUESTS = 100_000;

    /** One in so many times out, if any does. */
    static final int TENTH = 10;

    /** How many requesters there are at most. */
    static final int REQUESTERS = 2;

    /** The least capacity of a table. */
    private static final int LEAST_CAPACITY = 1024;

    /** How many requests each requester has in flight at a time. */
    @Param({"1", "100", "10000", "100000"})
    public int inFlight = 1;

    /** The reply to every request. */
    final Value value = new Value(42);

    /** The number of each request in flight. */
    private long[] numbers = {};

    /** For the contenders. */
    protected Requests() {}

    /**
     * Makes what lives as long as the requester.
     *
     * @param shared what the requesters share
     */
    @Setup
    public void prepare(Shared shared) {
        numbers = new long[inFlight];
        join(shared);
    }

    /**
     * One thread asks, and every request gets its reply.
     *
     * @return the last reply
     * @throws Exception never
     */
    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(REQUESTS)
    public @Nullable Value oneThread() throws Exception {
        return ask(Integer.MAX_VALUE);
    }

    /**
     * Two threads ask, and every request gets its reply.
     *
     * @return the last reply
     * @throws Exception never
     */
    @Benchmark
    @Threads(REQUESTERS)
    @OperationsPerInvocation(REQUESTS)
    public @Nullable Value twoThreads() throws Exception {
        return ask(Integer.MAX_VALUE);
    }

    /**
     * One thread asks, and every tenth request times out.
     *
     * @return the last reply
     * @throws Exception never
     */
    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(REQUESTS)
    public @Nullable Value oneThreadLate() throws Exception {
        return ask(TENTH);
    }

    /**
     * Two threads ask, and every tenth request times out.
     *
     * @return the last reply
     * @throws Exception never
     */
    @Benchmark
    @Threads(REQUESTERS)
    @OperationsPerInvocation(REQUESTS)
    public @Nullable Value twoThreadsLate() throws Exception {
        return ask(TENTH);
    }

    private @Nullable Value ask(int lateOne) throws Exception {
        Value last = null;
        int untilLate = lateOne;
        for (int asked = 0; asked < REQUESTS; asked += inFlight) {
            int lateBefore = untilLate;
            for (int i = 0; i < inFlight; i++) {
                numbers[i] = open(i);
            }
            for (int i = 0; i < inFlight; i++) {
                if (--untilLate == 0) {
                    untilLate = lateOne;
                    timeOut(i, numbers[i]);
                }
                reply(numbers[i]);
            }
            untilLate = lateBefore;
            for (int i = 0; i < inFlight; i++) {
                if (--untilLate == 0) {
                    untilLate = lateOne;
                    receiveNothing(i);
                } else {
                    last = receive(i);
                }
            }
        }
        return last;
    }

    /** Returns the capacity of a table: a power of two. */
    final int capacity() {
        return Math.max(LEAST_CAPACITY, Integer.highestOneBit(REQUESTERS * inFlight - 1) << 1);
    }

    /** Makes what lives as long as the requester. */
    abstract void join(Shared shared);

    /** Opens a request. Returns the number that it goes by. */
    abstract long open(int index);

    /** Replies to the request that goes by this number, if there is one. */
    abstract void reply(long number);

    /** The reply is there. */
    abstract Value receive(int index) throws Exception;

    /** Gives the request up, before its reply. */
    abstract void timeOut(int index, long number);

    /** Sees that the request was given up. */
    abstract void receiveNothing(int index);

    /** The table, which all requesters share. */
    @State(Scope.Benchmark)
    public static class Shared {
        private @Nullable Object table;

        /** For JMH. */
        public Shared() {}

        /** Returns the table, made by the first caller. */
        @SuppressWarnings("unchecked") // all threads run the same contender
        synchronized <X> X table(Supplier<X> maker) {
            if (table == null) {
                table = maker.get();
            }
            return (X) table;
        }
    }

    /** The channel alone: the replying side holds the sender. The difference to this is the cost of a table. */
    @Contender(value = "floor: senders in hand, no table", role = Role.FLOOR)
    public static class Floor extends Requests {
        private static final Waker WAKER = () -> {};

        private List<Receiver<Value>> receivers = List.of();
        private final List<@Nullable Sender<Value>> senders = new ArrayList<>();

        /** For JMH. */
        public Floor() {}

        @Override
        void join(Shared shared) {
            receivers = Stream.generate(() -> Receiver.<Value>recycling())
                    .limit(inFlight)
                    .toList();
            senders.addAll(Collections.nCopies(inFlight, null));
        }

        @Override
        long open(int index) {
            senders.set(index, receivers.get(index).sender());
            return index;
        }

        @Override
        void reply(long number) {
            Sender<Value> sender = senders.get((int) number);
            if (sender != null) {
                sender.send(value);
            }
        }

        @Override
        Value receive(int index) throws Exception {
            return receivers.get(index).receive();
        }

        @Override
        void timeOut(int index, long number) {
            Sender<Value> sender = senders.set(index, null);
            if (sender != null) {
                sender.drop();
            }
        }

        @Override
        void receiveNothing(int index) {
            if (receivers.get(index).poll(WAKER) != Poll.DROPPED) {
                throw new IllegalStateException("the reply came");
            }
        }
    }

    /** A table with as many slots as there are requests, and a receiver for each of them. */
    @Contender(value = "multishot ReplyTable", role = Role.OURS)
    public static class Tickets extends Requests {
        private static final Waker WAKER = () -> {};

        private ReplyTable<Value> table = new ReplyTable<>(1);
        private List<Receiver<Value>> receivers = List.of();

        /** For JMH. */
        public Tickets() {}

        @Override
        void join(Shared shared) {
            table = shared.table(() -> new ReplyTable<>(capacity()));
            receivers = Stream.generate(() -> Receiver.<Value>recycling())
                    .limit(inFlight)
                    .toList();
        }

        @Override
        long open(int index) {
            return table.open(receivers.get(index).sender());
        }

        @Override
        void reply(long number) {
            table.send(number, value);
        }

        @Override
        Value receive(int index) throws Exception {
            return receivers.get(index).receive();
        }

        @Override
        void timeOut(int index, long number) {
            table.drop(number);
        }

        @Override
        void receiveNothing(int index) {
            if (receivers.get(index).poll(WAKER) != Poll.DROPPED) {
                throw new IllegalStateException("the reply came");
            }
        }
    }

    /**
     * A table that only one thread may use, as an event loop would have it: the same tickets and checks, without atomic
     * operations. Two threads have one each.
     */
    @Contender(value = "floor: a table for one thread", role = Role.FLOOR, place = 1)
    public static class OneThread extends Requests {
        private static final Waker WAKER = () -> {};

        private long[] tickets = {};
        private int[] free = {};
        private int freeCount;
        private long indexMask;
        private final List<@Nullable Sender<Value>> senders = new ArrayList<>();
        private List<Receiver<Value>> receivers = List.of();

        /** For JMH. */
        public OneThread() {}

        @Override
        void join(Shared shared) {
            int slots = capacity();
            indexMask = Integer.highestOneBit(2 * slots - 1) - 1L;
            tickets = new long[slots];
            free = new int[slots];
            freeCount = slots;
            for (int slot = 0; slot < slots; slot++) {
                tickets[slot] = slot;
                free[slot] = slot;
            }
            senders.addAll(Collections.nCopies(slots, null));
            receivers = Stream.generate(() -> Receiver.<Value>recycling())
                    .limit(inFlight)
                    .toList();
        }

        @Override
        long open(int index) {
            int slot = free[--freeCount];
            senders.set(slot, receivers.get(index).sender());
            return tickets[slot] += indexMask + 1;
        }

        private @Nullable Sender<Value> claim(long number) {
            int slot = (int) (number & indexMask);
            if (slot >= tickets.length || tickets[slot] != number) {
                return null;
            }
            Sender<Value> sender = senders.set(slot, null);
            if (sender != null) {
                free[freeCount++] = slot;
            }
            return sender;
        }

        @Override
        void reply(long number) {
            Sender<Value> sender = claim(number);
            if (sender != null) {
                sender.send(value);
            }
        }

        @Override
        Value receive(int index) throws Exception {
            return receivers.get(index).receive();
        }

        @Override
        void timeOut(int index, long number) {
            Sender<Value> sender = claim(number);
            if (sender != null) {
                sender.drop();
            }
        }

        @Override
        void receiveNothing(int index) {
            if (receivers.get(index).poll(WAKER) != Poll.DROPPED) {
                throw new IllegalStateException("the reply came");
            }
        }
    }
}
