package io.multishot.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class StreamsTest {
    @Test
    void aStreamIsTheSameForTheSameSeedReplicationAndPlace() {
        for (int replication = 0; replication < 3; replication++) {
            Streams one = new Streams(7, replication);
            Streams other = new Streams(7, replication);
            for (int i = 0; i < 3; i++) {
                assertThat(one.next(1).next()).isEqualTo(other.next(1).next());
            }
        }
    }

    @Test
    void aStreamIsNotMovedByWhatOthersTake() {
        Streams quiet = new Streams(7, 2);
        Exponential idle = quiet.next(1);
        Exponential expected = quiet.next(1);
        Streams streams = new Streams(7, 2);
        Exponential busy = streams.next(1);
        for (int i = 0; i < 10; i++) {
            busy.next();
        }

        assertThat(streams.next(1).next()).isEqualTo(expected.next()).isNotEqualTo(idle.next());
    }

    @Test
    void noTwoStreamsHaveAnythingInCommon() {
        Set<Long> seen = new HashSet<>();
        int numbers = 0;
        for (long seed = 1; seed <= 2; seed++) {
            for (int replication = 0; replication < Plan.REPLICATIONS; replication++) {
                Streams streams = new Streams(seed, replication);
                for (int model = 0; model < 5; model++) {
                    RandomGenerator random = streams.next(1).random();
                    for (int i = 0; i < 500; i++, numbers++) {
                        seen.add(random.nextLong());
                    }
                }
            }
        }
        assertThat(seen).hasSize(numbers);
    }

    @Test
    void theTimesAreExponential() {
        Exponential times = new Streams(1, 0).next(2);
        int count = 100_000;
        double sum = 0;
        int longer = 0;
        for (int i = 0; i < count; i++) {
            double time = times.next();
            assertThat(time).isNotNegative().isFinite();
            sum += time;
            longer += time > 1 ? 1 : 0;
        }
        // Four standard deviations each.
        assertThat(sum / count).isCloseTo(0.5, within(4 * 0.5 / Math.sqrt(count)));
        assertThat(longer / (double) count).isCloseTo(Math.exp(-2), within(4 * 0.342 / Math.sqrt(count)));
    }

    @Test
    void theExtremesAreTimesToo() {
        assertThat(new Exponential(constant(0), 3).next()).isZero();
        assertThat(new Exponential(constant(-1), 1).next()).isCloseTo(53 * Math.log(2), within(1e-9));
    }

    private static RandomGenerator constant(long bits) {
        return () -> bits;
    }
}
