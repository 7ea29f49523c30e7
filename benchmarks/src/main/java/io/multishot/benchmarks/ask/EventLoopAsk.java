package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Value;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Requester and responder are two event loops, which is two executors with one thread each. Neither ever blocks: the
 * question is a job for the responder's loop, and the answer makes a job for the requester's. One invocation asks many
 * times, one after the other.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class EventLoopAsk {
    /** How often one invocation asks. */
    static final int QUESTIONS = 1000;

    /** The answer to every question. */
    final Value value = new Value(42);

    /** The requester's loop. */
    final ExecutorService loop = Executors.newSingleThreadExecutor();

    /** The responder's loop. */
    final ExecutorService responder = Executors.newSingleThreadExecutor();

    private final Semaphore done = new Semaphore(0);
    private int left;
    private @Nullable Value last;

    /** For the contenders. */
    protected EventLoopAsk() {}

    /** Ends the loops. */
    @TearDown
    public void stop() {
        loop.shutdown();
        responder.shutdown();
    }

    /**
     * Asks again and again.
     *
     * @return the last answer
     * @throws InterruptedException never
     */
    @Benchmark
    @OperationsPerInvocation(QUESTIONS)
    public @Nullable Value eventLoop() throws InterruptedException {
        left = QUESTIONS;
        last = null;
        loop.execute(this::ask);
        done.acquire();
        return last;
    }

    /** Asks, on the requester's loop, so that {@link #answered} is called there. */
    abstract void ask();

    /** Takes the answer, on the requester's loop. Returns true if it asks for more. */
    final boolean answered(Value answer) {
        if (--left > 0) {
            return true;
        }
        last = answer;
        done.release();
        return false;
    }
}
