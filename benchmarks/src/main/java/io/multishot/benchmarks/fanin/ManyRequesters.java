package io.multishot.benchmarks.fanin;

import io.multishot.benchmarks.Value;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Sixteen threads that each ask one responder and block until it answers. The figure is the time that each of them
 * waits.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class ManyRequesters {
    /** For the contenders. */
    protected ManyRequesters() {}

    /**
     * Asks, and blocks until the answer is there.
     *
     * @param hub who answers
     * @return the answer
     * @throws Exception never
     */
    @Benchmark
    @Threads(16)
    public Value manyRequesters(Hub hub) throws Exception {
        begin();
        hub.ask(this);
        return await();
    }

    /** Makes the two halves. */
    abstract void begin();

    /** Answers, on the responder's thread. */
    abstract void answer(Value value);

    /** Blocks until the answer is there. */
    abstract Value await() throws Exception;
}
