package io.multishot.benchmarks.ask;

import io.multishot.benchmarks.Value;
import org.openjdk.jmh.annotations.Benchmark;

/** A contender that can block, and can also be polled. */
public abstract class SpinningAsk extends ParkingAsk {
    /** For the contenders. */
    protected SpinningAsk() {}

    /**
     * Asks, and spins until the reply is there.
     *
     * @return the reply
     * @throws Exception never
     */
    @Benchmark
    public Value spinning() throws Exception {
        return askAndSpin();
    }

    abstract Value askAndSpin() throws Exception;
}
