package io.multishot.benchmarks.remote;

import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** The requester is the thread that JMH measures. A request is a number of eight bytes, and so is its reply. */
@State(Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", RoundTrip.OPEN})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class RoundTrip {
    /** What comes back is one more than what was sent. */
    static final long REQUEST = 41;

    /** Required by Agrona. */
    static final String OPEN = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

    /** How many replies one invocation awaits where many requests are in flight. */
    static final int BATCH = 256;

    /** As many as the library handles in one cycle. */
    static final int FRAGMENTS = 10;

    /** How long a responder sleeps whose work is done by other threads. */
    static final long IDLE_NANOS = 10_000_000;

    private boolean overUdp;
    private volatile boolean over;
    private @Nullable Thread responder;

    /** For the contenders. */
    protected RoundTrip() {}

    /**
     * Connects both sides, and starts the responder.
     *
     * @param parameters names the scenario
     * @throws Exception if that fails
     */
    @Setup
    public void start(BenchmarkParams parameters) throws Exception {
        start(parameters.getBenchmark().replaceAll(".*\\.", "").startsWith("udp"));
    }

    /**
     * Connects both sides, and starts the responder.
     *
     * @param udp by way of the loopback interface; otherwise by shared memory
     * @throws Exception if that fails
     */
    public final void start(boolean udp) throws Exception {
        overUdp = udp;
        over = false;
        open(udp);
        Thread thread = new Thread(this::respond, "responder");
        thread.start();
        responder = thread;
        connect();
    }

    /**
     * Closes both sides.
     *
     * @throws Exception if that fails
     */
    @TearDown
    public void stop() throws Exception {
        over = true;
        Thread thread = responder;
        if (thread != null) {
            thread.join();
        }
        close();
    }

    /**
     * Through shared memory.
     *
     * @return the reply
     * @throws Exception never
     */
    @Benchmark
    public long ipc() throws Exception {
        return ask();
    }

    /**
     * Through the loopback interface.
     *
     * @return the reply
     * @throws Exception never
     */
    @Benchmark
    public long udp() throws Exception {
        return ask();
    }

    /**
     * Through shared memory, with many requests in flight.
     *
     * @param window how many
     * @return the last reply
     * @throws Exception never
     */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OperationsPerInvocation(BATCH)
    public long ipcThroughput(Window window) throws Exception {
        return askMany(window.inFlight);
    }

    /**
     * Through the loopback interface, with many requests in flight.
     *
     * @param window how many
     * @return the last reply
     * @throws Exception never
     */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OperationsPerInvocation(BATCH)
    public long udpThroughput(Window window) throws Exception {
        return askMany(window.inFlight);
    }

    private void respond() {
        while (!over) {
            if (serve() == 0) {
                idle();
            }
        }
    }

    /** Lets the media driver run, which the loopback interface needs and shared memory does not. */
    @SuppressWarnings("ThreadPriorityCheck")
    final void idle() {
        if (overUdp) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    abstract void open(boolean udp) throws Exception;

    /** Waits until a request would arrive. */
    abstract void connect() throws Exception;

    abstract long ask() throws Exception;

    /**
     * Receives {@value #BATCH} replies, and keeps so many requests in flight, also when this returns. Returns the last
     * reply. Always called with the same number.
     */
    abstract long askMany(int inFlight) throws Exception;

    /** Replies to the requests that have arrived, on the responder's thread. Returns 0 if there are none. */
    abstract int serve();

    abstract void close() throws Exception;

    /** How many requests are in flight. */
    @State(Scope.Thread)
    public static class Window {
        /** The number. */
        @Param({"1", "16", "256", "4096"})
        public int inFlight;

        /** For JMH. */
        public Window() {}
    }
}
