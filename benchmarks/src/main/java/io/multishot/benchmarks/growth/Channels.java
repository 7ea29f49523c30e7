package io.multishot.benchmarks.growth;

import io.multishot.benchmarks.Value;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Ready rounds on one thread, each on a channel drawn by lot. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class Channels {
    /** How many channels there are. */
    @Param({"1", "10", "100", "1000", "10000", "100000", "1000000"})
    public int count = 1;

    /** What is sent. */
    final Value value = new Value(42);

    private long seed = 1;

    /** For the contenders. */
    protected Channels() {}

    /** Makes the channels, each used once, and moves them to where long-lived objects live. */
    @Setup
    public void prepare() {
        make(count);
        for (int i = 0; i < count; i++) {
            round(i);
        }
        System.gc();
        System.gc();
    }

    /**
     * One round on a channel.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object channels() {
        // one step of an xorshift generator, whose upper bits choose the channel
        seed ^= seed << 13;
        seed ^= seed >>> 7;
        seed ^= seed << 17;
        return round((int) (((seed >>> 32) * count) >>> 32));
    }

    /** Makes the channels. */
    abstract void make(int count);

    /** Sends, looks and takes. */
    abstract @Nullable Object round(int index);
}
