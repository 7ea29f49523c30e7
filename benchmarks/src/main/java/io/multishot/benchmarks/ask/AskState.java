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
 *   <li><b>spinning</b>: both sides look again and again.
 *   <li><b>parked</b>: both sides wait as one does who has something better to do with a processor: the responder parks
 *       until it is unparked, the requester makes the contender's blocking call. Platform threads.
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
    /** Agrona asks for this. */
    static final String OPEN = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

    /** Makes JMH's own threads virtual. */
    static final String VIRTUAL = "-Djmh.executor=VIRTUAL";

    /** The answer to every question. */
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
     * @param parameters tell the scenario
     */
    @Setup
    public void start(BenchmarkParams parameters) {
        start(parameters.getBenchmark().endsWith(".spinning"));
    }

    /**
     * Starts the responder, of the same kind as the calling thread.
     *
     * @param spins whether the responder looks again and again for the next question, instead of parking
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

    /** Asks: the question is the sending half of the contender's way to answer. */
    final void post(Object question) {
        mailbox.question = question;
        if (!spinning) {
            LockSupport.unpark(responder);
        }
    }

    /** Answers, on the responder's thread. */
    abstract void answer(Object question, Value value) throws Exception;

    private void respond() {
        try {
            for (Object question = next(); question != null; question = next()) {
                mailbox.question = null;
                answer(question, value);
            }
        } catch (Exception thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    /** Waits for the next question; null when there will be none. */
    private @Nullable Object next() {
        Object question = mailbox.question;
        while (question == null && !over) {
            if (spinning) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
            question = mailbox.question;
        }
        return question;
    }
}
