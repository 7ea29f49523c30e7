package io.multishot.examples.simulation;

import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.LeapableGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The random numbers of one replication: a stream for each model that needs one. All of them are parts of one sequence,
 * which do not overlap: replications are 2<sup>192</sup> numbers apart, models 2<sup>128</sup>.
 */
final class Streams {
    private static final String ALGORITHM = "Xoshiro256PlusPlus";

    private final LeapableGenerator next;

    Streams(long seed, int replication) {
        next = RandomGeneratorFactory.<LeapableGenerator>of(ALGORITHM).create(seed);
        for (int i = 0; i < replication; i++) {
            next.leap();
        }
    }

    /** The next stream, of times between events that happen at this rate, independently of each other. */
    Exponential next(double rate) {
        RandomGenerator stream = next.copyAndJump();
        return new Exponential(stream, rate);
    }
}
