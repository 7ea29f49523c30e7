package io.multishot.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Receiver;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One simulation, whatever runs it. */
class ReplicationTest {
    private static final Load LOAD = new Load(2.5, 1, 3);
    private static final Plan PLAN = new Plan(400 * Plan.REPLICATIONS, 20);

    @Test
    void theOrderInWhichModelsRunDoesNotMatter() throws InterruptedException {
        Tally expected = shuffled(LOAD, 0);
        for (int order = 1; order < 10; order++) {
            assertSame(shuffled(LOAD, order), expected);
        }
        for (int workers : new int[] {1, 2, 8}) {
            ExecutorService pool = Executors.newFixedThreadPool(workers);
            try (Receiver<Tally> result = new Receiver<>()) {
                new Replication(LOAD, PLAN, 3, 0, pool, new LongAdder(), result.sender()).start();
                assertSame(result.receive(), expected);
            } finally {
                pool.shutdown();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0.01, 1", "0.9, 1", "2.5, 3", "60, 64"})
    void whoeverWasGivenUpIsRefusedAndEveryOtherQueryIsAnswered(double arrival, int servers) {
        Load load = new Load(arrival, 1, servers);

        Tally tally = shuffled(load, 1);

        Use use = tally.use();
        Ratio givenUp = tally.measures().get(Measure.GIVEN_UP);
        assertThat(use.refused()).isEqualTo(use.givenUp());
        assertThat(use.open()).as("the servers, idle again").isEqualTo(servers);
        assertThat((double) use.givenUp()).isGreaterThanOrEqualTo(givenUp.sum());
        assertThat(givenUp.size()).isGreaterThan(10);
        assertThat(use.senders())
                .as("a connection each, and one more after an abandoned round")
                .isBetween(use.givenUp() + servers + 1, use.givenUp() + servers + 2);
        long all = PLAN.all(0);
        long inspections = use.rounds() - all - (all + servers);
        assertThat(inspections).as("an inspection is no customer").isGreaterThanOrEqualTo((long) givenUp.size());
    }

    @Test
    void eachReplicationDiffers() {
        Receiver<Tally> result = new Receiver<>();
        Shuffled executor = new Shuffled(0);
        new Replication(LOAD, PLAN, 3, 1, executor, new LongAdder(), result.sender()).start();
        executor.runAll();
        Tally second = result.take();

        assertThat(second.measures()).isNotEqualTo(shuffled(LOAD, 0).measures());
        assertThat(second.trace().points()).as("only the first one is drawn").isEmpty();
    }

    private static Tally shuffled(Load load, int order) {
        Receiver<Tally> result = new Receiver<>();
        Shuffled executor = new Shuffled(order);
        LongAdder progress = new LongAdder();
        new Replication(load, PLAN, 3, 0, executor, progress, result.sender()).start();
        executor.runAll();
        assertThat(progress.sum()).isEqualTo(PLAN.all(0));
        return result.take();
    }

    private static void assertSame(Tally tally, Tally expected) {
        assertThat(tally.measures()).isEqualTo(expected.measures());
        assertThat(tally.trace().points()).isEqualTo(expected.trace().points()).hasSizeGreaterThan(100);
        assertThat(tally.use().rounds()).isEqualTo(expected.use().rounds());
        assertThat(tally.use().answered()).isEqualTo(expected.use().answered());
        assertThat(tally.use().refused()).isEqualTo(expected.use().refused()).isPositive();
    }
}
