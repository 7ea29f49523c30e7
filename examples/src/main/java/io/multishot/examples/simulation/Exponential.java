package io.multishot.examples.simulation;

import java.util.random.RandomGenerator;

/**
 * Random times with an exponential distribution.
 *
 * @param random where the randomness comes from
 * @param rate how many of these times make a unit of time, on average
 */
record Exponential(RandomGenerator random, double rate) {
    /** By inversion, with arithmetic that is the same on every JVM and processor. */
    double next() {
        return -StrictMath.log1p(-random.nextDouble()) / rate;
    }
}
