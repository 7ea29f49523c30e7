package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Value;
import io.multishot.benchmarks.VirtualThreads;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * The requester is the thread that JMH measures; the responder is a thread of this class. The scenarios:
 *
 * <ul>
 *   <li><b>spinning</b>: both sides spin.
 *   <li><b>parked</b>: both sides block: the responder parks until it is unparked, and the requester makes the
 *       contender's blocking call. Platform threads.
 *   <li><b>virtual</b>: the same on virtual threads.
 * </ul>
 */
@State(Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", AskState.OPEN})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class AskState {
    /** Required by Agrona. */
    static final String OPEN = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

    /** Makes JMH's own threads virtual. */
    static final String VIRTUAL = "-Djmh.executor=VIRTUAL";

    /** The reply to every request. */
    final Value value = new Value(42);

    private final Mailbox mailbox = new Mailbox();
    private volatile boolean over;
    private volatile boolean spinning;
    private @Nullable Thread responder;

    /** For the contenders. */
    protected AskState() {}

    /**
     * Starts the responder, of the same kind as the requester, whose thread calls this.
     *
     * @param parameters names the scenario
     */
    @Setup
    public void start(BenchmarkParams parameters) {
        start(parameters.getBenchmark().endsWith(".spinning"));
    }

    /**
     * Starts the responder, of the same kind as the calling thread.
     *
     * @param spins whether the responder spins for the next request instead of parking
     */
    public final void start(boolean spins) {
        spinning = spins;
        over = false;
        if (VirtualThreads.isVirtual(Thread.currentThread())) {
            responder = VirtualThreads.start(this::respond);
        } else {
            Thread thread = new Thread(this::respond, "responder");
            thread.start();
            responder = thread;
        }
    }

    /**
     * Ends the responder.
     *
     * @throws InterruptedException if the requester is interrupted
     */
    @TearDown
    public void stop() throws InterruptedException {
        over = true;
        Thread thread = responder;
        if (thread != null) {
            LockSupport.unpark(thread);
            thread.join();
        }
    }

    /** Asks: the request is the sending half of the contender's way to reply. */
    final void post(Object request) {
        mailbox.request = request;
        if (!spinning) {
            LockSupport.unpark(responder);
        }
    }

    /** Replies, on the responder's thread. */
    abstract void reply(Object request, Value value) throws Exception;

    private void respond() {
        try {
            for (Object request = next(); request != null; request = next()) {
                mailbox.request = null;
                reply(request, value);
            }
        } catch (Exception thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    /** Waits for the next request. Returns null at the end. */
    private @Nullable Object next() {
        Object request = mailbox.request;
        while (request == null && !over) {
            if (spinning) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
            request = mailbox.request;
        }
        return request;
    }
}
