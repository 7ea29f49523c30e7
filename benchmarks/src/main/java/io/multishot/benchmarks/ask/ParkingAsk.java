package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Value;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;

/** A contender that can block until the reply is there. */
public abstract class ParkingAsk extends AskState {
    /** For the contenders. */
    protected ParkingAsk() {}

    /**
     * Asks, and blocks until the reply is there. Platform threads.
     *
     * @return the reply
     * @throws Exception never
     */
    @Benchmark
    public Value parked() throws Exception {
        return askAndBlock();
    }

    /**
     * Asks, and blocks until the reply is there. Virtual threads.
     *
     * @return the reply
     * @throws Exception never
     */
    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {"-Xms1g", "-Xmx1g", AskState.OPEN, AskState.VIRTUAL})
    public Value virtual() throws Exception {
        return askAndBlock();
    }

    abstract Value askAndBlock() throws Exception;
}
