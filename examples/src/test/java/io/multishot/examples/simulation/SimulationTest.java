package io.multishot.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.multishot.examples.ProgramRun;
import io.multishot.examples.simulation.QueueSimulation.Result;
import io.multishot.examples.simulation.Scheduler.Counters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulationTest {
    @TempDir
    private Path scratch;

    private static ProgramRun run(String... args) {
        return ProgramRun.of(Simulation::new, args);
    }

    /** Rarely seen events deviate more; the seed is the first one, and the result is always the same. */
    @ParameterizedTest
    @Tag("unchecked") // checked channels take ten times as long
    @CsvSource({"0.1, 1, 10", "0.5, 1, 3", "0.8, 1, 3", "1, 2, 3", "3, 4, 3"})
    void theClosedFormsAreMetAndSendersAreRecycled(double arrival, int servers, double percent)
            throws InterruptedException {
        Result result = Simulation.simulate(List.of(new MarkovQueue(arrival, servers)), 200_000, 1, 2)
                .get(0);

        assertThat(result.means())
                .hasSize(4)
                .allSatisfy(mean -> assertThat(mean.simulated())
                        .as(mean.title())
                        .isCloseTo(mean.closedForm(), withinPercentage(percent)));
        Counters counters = result.counters();
        long givenUp = counters.givenUp.sum();
        assertThat(counters.refused.sum())
                .as("each query that was given up has a late reply")
                .isEqualTo(givenUp);
        assertThat(counters.open()).as("the servers are idle in the end").isEqualTo(servers);
        assertThat(counters.senders.sum())
                .as("one for each connection, and one more after each round that was given up")
                .isBetween(givenUp + servers + 1, givenUp + servers + 2);
    }

    @Test
    void theOutputIsTheSameOnAnyNumberOfThreadsInAnyLocale() throws Exception {
        ProgramRun run = run("--customers=5000", "--workers=1", "--svg=" + scratch.resolve("1.svg"));
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            ProgramRun other = run("--customers=5000", "--workers=5", "--svg=" + scratch.resolve("5.svg"));
            assertThat(other.out()).isEqualTo(run.out());
        } finally {
            Locale.setDefault(before);
        }

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .containsPattern("M/M/1: arrival rate 0.8, load 0.80000, 5,000 customers, seed 1, ")
                .containsPattern("share of customers that wait +0.80000 +0\\.\\d+\n")
                .containsPattern("[\\d,]+ queries: [\\d,]+ answered, [1-9][\\d,]* given up, 1 open at the end\n")
                .contains(" 2 open at the end\n");
        assertThat(run("--customers=5000", "--seed=2").out()).isNotEqualTo(run.out());
        assertThat(scratch.resolve("5.svg")).hasSameTextualContentAs(scratch.resolve("1.svg"));
        assertThat(Files.readString(scratch.resolve("1.svg")))
                .contains("<svg", ">M/M/1<", ">M/M/2<", ">Queue length over time<", "M0 400H0.0V400.0H", "</svg");
        ProgramRun.assertNoThreadIsLeft("simulation-worker");
    }

    /** As tables of Erlang's C have it; the second to the fourth are 1/3, 4/9 and 32/45. */
    @ParameterizedTest
    @CsvSource({"1, 0.7, 0.7000", "2, 1, 0.3333", "3, 2, 0.4444", "2, 1.6, 0.7111", "5, 4, 0.5541", "20, 18, 0.5508"})
    void erlangCIsWhatTheTablesSay(int servers, double arrival, double waiting) {
        assertThat(new MarkovQueue(arrival, servers).waitingProbability()).isCloseTo(waiting, within(0.00005));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--arrival -1 | --arrival: -1.0 is not between 1e-6 and 1",
                "--arrival NaN | --arrival: NaN is not between",
                "--arrival x | Invalid value for option '--arrival'",
                "--arrival 2.5 --servers 4,2 | --arrival: 2.5 is not between 1e-6 and 2",
                "--servers 1,-1 | --servers: -1 is not between 1 and 1000",
                "--customers 1 | --customers: 1 is less than 1000",
                "--workers 0 | --workers: 0 is not between",
                "nonsense | Unmatched argument"
            })
    void badArgumentsAreRefused(String arguments, String message) {
        ProgramRun run = run(arguments.split(" "));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("simulation: ").contains(message).endsWith("\nTry --help.\n");
    }

    @Test
    void aChartThatCannotBeWrittenIsReportedAfterTheFigures() {
        Path missing = scratch.resolve("missing").resolve("chart.svg");
        ProgramRun run = run("--customers=1000", "--svg", missing.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).contains("wait in line");
        assertThat(run.err()).endsWith("simulation: " + missing + ": No such file or directory\n");
    }

    @Test
    void anInterruptEndsTheProgramAndItsWorkers() throws Exception {
        Thread.currentThread().interrupt();
        ProgramRun run = run("--customers=100000000");
        assertThat(Thread.interrupted()).as("the flag is still set").isTrue();
        assertThat(run).isEqualTo(new ProgramRun(1, "", "simulation: interrupted\n"));
        ProgramRun.assertNoThreadIsLeft("simulation-worker");
    }
}
