package io.multishot.benchmarks.deadlines;

import io.multishot.Receiver;
import io.multishot.ReplyQueue;
import io.multishot.ReplyTable;
import io.multishot.Sender;
import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import io.multishot.benchmarks.Value;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.agrona.DeadlineTimerWheel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A client with many requests in flight, each with a deadline; it makes 100,000 a second. One invocation of
 * <b>answered</b> answers the oldest request, just before its deadline, and makes a new one. One invocation of
 * <b>late</b> finds the oldest request to be late, and makes a new one: the cost of a tick. Time is a number, so
 * nothing waits; contenders with a thread of their own have no tick, and deadlines that never come.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class TimedRequests {
    /** The time between two requests, in nanoseconds. */
    static final long STEP = 10_000;

    /** How long a request may take where the time is real, in nanoseconds: longer than a run. */
    static final long PATIENCE = TimeUnit.HOURS.toNanos(1);

    /** How many requests are in flight. */
    @Param({"1000", "100000"})
    public int inFlight = 1;

    /** The reply to every request. */
    final Value value = new Value(42);

    /** The place of the oldest request. */
    int oldest;

    /** Now, in nanoseconds. */
    long now;

    /** For the contenders. */
    protected TimedRequests() {}

    /** Puts all requests in flight. */
    @Setup(Level.Iteration)
    public void open() {
        prepare();
        oldest = 0;
        for (int place = 0; place < inFlight; place++) {
            now += STEP;
            open(place);
        }
    }

    /**
     * The oldest request is answered, and there is a new one.
     *
     * @return the reply
     */
    @Benchmark
    public Object answered() {
        now += STEP;
        Object reply = answer(oldest);
        next();
        return reply;
    }

    /** Returns the deadline of a request that is made now: after as many others as are in flight, and one more. */
    final long deadline() {
        return now + (inFlight + 1L) * STEP;
    }

    /** Returns the time when the oldest request has become late, and the next one has not. */
    final long lateTime() {
        return now + STEP;
    }

    /** Puts a new request in the place of the oldest one. */
    final void next() {
        open(oldest);
        oldest = oldest + 1 == inFlight ? 0 : oldest + 1;
    }

    /** Makes what an iteration needs. */
    abstract void prepare();

    /** Puts a request in flight. */
    abstract void open(int place);

    /** Answers a request, and returns what its requester gets. */
    abstract Object answer(int place);

    /** Deadlines in an array, beside the receivers: no table, no wheel. */
    @Contender(value = "floor: a number in an array", role = Role.FLOOR)
    public static class InArray extends TimedRequests {
        private long[] deadlines = {};
        private Receivers receivers = new Receivers(0);

        /** For JMH. */
        public InArray() {}

        @Override
        void prepare() {
            deadlines = new long[inFlight];
            receivers = new Receivers(inFlight);
        }

        @Override
        void open(int place) {
            deadlines[place] = deadline();
            receivers.senders[place] = receivers.all[place].sender();
        }

        @Override
        Object answer(int place) {
            receivers.senders[place].send(value);
            return receivers.all[place].take();
        }

        /**
         * The oldest request is found to be late.
         *
         * @return how many were
         */
        @Benchmark
        public int late() {
            now += STEP;
            long late = lateTime();
            int found = 0;
            for (int place = 0; place < deadlines.length; place++) {
                found += deadlines[place] - late <= 0 ? 1 : 0;
            }
            answer(oldest);
            next();
            return found;
        }

        private static final class Receivers {
            private final Receiver<Value>[] all;
            private final Sender<Value>[] senders;

            @SuppressWarnings({"unchecked", "rawtypes"}) // an array, as a driver would have it
            Receivers(int count) {
                all = Stream.generate(() -> Receiver.<Value>recycling())
                        .limit(count)
                        .toArray(Receiver[]::new);
                senders = new Sender[count];
            }
        }
    }

    /** A request in a table of 64 bits. */
    @Contender(value = "multishot ReplyTable", role = Role.OURS)
    public static class InTable extends TimedRequests {
        private ReplyTable<Value> table = new ReplyTable<>(1);
        private Receiver<Value>[] receivers = receivers(0);
        private long[] tickets = {};

        /** For JMH. */
        public InTable() {}

        @Override
        void prepare() {
            table = table(inFlight);
            receivers = receivers(inFlight);
            tickets = new long[inFlight];
        }

        /**
         * Makes the table.
         *
         * @param capacity how many requests there are
         * @return the table
         */
        ReplyTable<Value> table(int capacity) {
            return new ReplyTable<>(capacity);
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array, as a driver would have it
        static Receiver<Value>[] receivers(int count) {
            return Stream.generate(() -> Receiver.<Value>recycling())
                    .limit(count)
                    .toArray(Receiver[]::new);
        }

        @Override
        void open(int place) {
            tickets[place] = table.open(receivers[place].sender(), deadline());
        }

        @Override
        Object answer(int place) {
            table.send(tickets[place], value);
            return receivers[place].take();
        }

        /**
         * The oldest request is late: expired, and given the reply that comes too late.
         *
         * @return how many were late
         */
        @Benchmark
        public int late() {
            now += STEP;
            int expired = table.expire(lateTime());
            Throwable unused = receivers[oldest].takeFailure();
            table.send(tickets[oldest], value);
            next();
            return expired;
        }
    }

    /** A request in a table of few bits: 31, the least that 100,000 requests and a generation need on real wires. */
    @Contender(value = "multishot ReplyTable, 31 bits", role = Role.OURS, place = 1)
    public static class InTableOfFewBits extends InTable {
        /** For JMH. */
        public InTableOfFewBits() {}

        @Override
        ReplyTable<Value> table(int capacity) {
            return ReplyTable.ofBits(31, capacity);
        }
    }

    /** A request in a queue. */
    @Contender(value = "multishot ReplyQueue", role = Role.OURS, place = 2)
    public static class InQueue extends TimedRequests {
        private ReplyQueue<Value> queue = new ReplyQueue<>(1);
        private Receiver<Value>[] receivers = InTable.receivers(0);

        /** For JMH. */
        public InQueue() {}

        @Override
        void prepare() {
            queue = new ReplyQueue<>(inFlight);
            receivers = InTable.receivers(inFlight);
        }

        @Override
        void open(int place) {
            if (!queue.open(receivers[place].sender(), deadline())) {
                throw new IllegalStateException("the queue is full");
            }
        }

        @Override
        Object answer(int place) {
            queue.send(value);
            return receivers[place].take();
        }

        /**
         * The oldest request is late: expired, and given the reply that comes too late.
         *
         * @return how many were late
         */
        @Benchmark
        public int late() {
            now += STEP;
            int expired = queue.expire(lateTime());
            Throwable unused = receivers[oldest].takeFailure();
            queue.send(value);
            next();
            return expired;
        }
    }

    /** A new future for each request, with the timeout that futures have. */
    @Contender("CompletableFuture.orTimeout")
    public static class InFuture extends TimedRequests {
        private CompletableFuture<Value>[] futures = futures(0);

        /** For JMH. */
        public InFuture() {}

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array, as a driver would have it
        private static CompletableFuture<Value>[] futures(int count) {
            return new CompletableFuture[count];
        }

        /** Gets rid of the timers. */
        @TearDown(Level.Iteration)
        public void cancel() {
            for (CompletableFuture<Value> future : futures) {
                future.complete(value);
            }
        }

        @Override
        void prepare() {
            futures = futures(inFlight);
        }

        @Override
        void open(int place) {
            futures[place] = new CompletableFuture<Value>().orTimeout(PATIENCE, TimeUnit.NANOSECONDS);
        }

        @Override
        Object answer(int place) {
            futures[place].complete(value);
            return futures[place].join();
        }
    }

    /** A new future for each request, and a timeout in Netty's wheel, which has a thread. */
    @Contender("CompletableFuture, Netty HashedWheelTimer")
    public static class InNettyWheel extends TimedRequests {
        private final HashedWheelTimer wheel = new HashedWheelTimer();
        private CompletableFuture<Value>[] futures = InFuture.futures(0);
        private Timeout[] timeouts = {};

        /** For JMH. */
        public InNettyWheel() {}

        @Override
        void prepare() {
            for (Timeout timeout : timeouts) {
                timeout.cancel();
            }
            futures = InFuture.futures(inFlight);
            timeouts = new Timeout[inFlight];
        }

        /** Ends the wheel's thread. */
        @TearDown
        public void stop() {
            wheel.stop();
        }

        @Override
        void open(int place) {
            CompletableFuture<Value> future = new CompletableFuture<>();
            futures[place] = future;
            timeouts[place] = wheel.newTimeout(
                    timeout -> future.completeExceptionally(new TimeoutException()), PATIENCE, TimeUnit.NANOSECONDS);
        }

        @Override
        Object answer(int place) {
            timeouts[place].cancel();
            futures[place].complete(value);
            return futures[place].join();
        }
    }

    /** A new future for each request, and a deadline in Agrona's wheel, which the client's loop turns. */
    @Contender("CompletableFuture, Agrona DeadlineTimerWheel")
    public static class InAgronaWheel extends TimedRequests {
        private static final long TICK = 1 << 20;
        private static final int TICKS = 1 << 11; // two seconds

        private DeadlineTimerWheel wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, TICK, TICKS);
        private CompletableFuture<Value>[] futures = InFuture.futures(0);
        private final DeadlineTimerWheel.TimerHandler expired = (unit, time, timer) -> expire();
        private long[] timers = {};
        private int late;

        /** For JMH. */
        public InAgronaWheel() {}

        @Override
        void prepare() {
            wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, now, TICK, TICKS);
            futures = InFuture.futures(inFlight);
            timers = new long[inFlight];
        }

        @Override
        void open(int place) {
            futures[place] = new CompletableFuture<>();
            timers[place] = wheel.scheduleTimer(deadline());
        }

        @Override
        Object answer(int place) {
            wheel.currentTickTime(now);
            wheel.cancelTimer(timers[place]);
            futures[place].complete(value);
            return futures[place].join();
        }

        /**
         * The oldest request is found to be late.
         *
         * @return how many were
         */
        @Benchmark
        public int late() {
            now += STEP;
            late = 0;
            do {
                wheel.poll(lateTime(), expired, Integer.MAX_VALUE);
            } while (wheel.currentTickTime() <= lateTime());
            next();
            return late;
        }

        private boolean expire() {
            late++;
            return futures[oldest].complete(value);
        }
    }
}
