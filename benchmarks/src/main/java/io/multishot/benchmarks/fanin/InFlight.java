package io.multishot.benchmarks.fanin;

import io.multishot.benchmarks.Value;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

/**
 * One requester puts a number of questions at once, then waits for their answers in turn; the responder answers all of
 * them, and parks until the next lot comes. One invocation asks a thousand questions, in as many lots as it takes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class InFlight {
    /** How many questions one invocation puts. */
    static final int QUESTIONS = 1000;

    /** How many questions are under way at a time. */
    @Param({"1", "10", "100", "1000"})
    public int questions = 1;

    /** The answer to every question. */
    final Value value = new Value(42);

    private @Nullable Object[] lot = {};
    private volatile int published;
    private volatile boolean over;
    private @Nullable Thread responder;

    /** For the contenders. */
    protected InFlight() {}

    /** Makes what lives as long as the requester, and starts the responder. */
    @Setup
    public void start() {
        lot = new Object[questions];
        prepare(questions);
        Thread thread = new Thread(this::respond, "responder");
        thread.start();
        responder = thread;
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

    /**
     * Asks, lot by lot.
     *
     * @return the last answer
     * @throws Exception never
     */
    @Benchmark
    @OperationsPerInvocation(QUESTIONS)
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the requester writes it
    public @Nullable Value inFlight() throws Exception {
        Value last = null;
        for (int asked = 0; asked < QUESTIONS; asked += questions) {
            for (int i = 0; i < questions; i++) {
                lot[i] = question(i);
            }
            published++;
            LockSupport.unpark(responder);
            for (int i = 0; i < questions; i++) {
                last = await(i);
            }
        }
        return last;
    }

    /** Makes what lives as long as the requester. */
    abstract void prepare(int questions);

    /** The sending half of a new question. */
    abstract Object question(int index);

    /** Blocks until the question is answered. */
    abstract Value await(int index) throws Exception;

    /** Answers, on the responder's thread. */
    abstract void answer(Object question, Value value);

    private void respond() {
        int answered = 0;
        while (!over) {
            if (published == answered) {
                LockSupport.park(this);
                continue;
            }
            answered++;
            for (int i = 0; i < questions; i++) {
                Object question = lot[i];
                if (question != null) {
                    answer(question, value);
                }
            }
        }
    }
}
