package io.multishot.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the program prints. */
class SimulationTest {
    private static final String[] SMALL = {"--arrival=0.4", "--servers=1,2", "--customers=10000"};

    @TempDir
    private Path scratch;

    @Test
    void theSameSeedGivesTheSameOutputOnAnyNumberOfThreadsAndInAnyLocale() throws Exception {
        Path picture = scratch.resolve("1.svg");
        Run run = run("--workers=1", "--svg=" + picture);

        assertThat(run.status()).isZero();
        for (String workers : new String[] {"2", "5"}) {
            Locale before = Locale.getDefault();
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            try {
                Path another = scratch.resolve(workers + ".svg");
                assertThat(run("--workers=" + workers, "--svg=" + another).out())
                        .isEqualTo(run.out());
                assertThat(another).hasSameTextualContentAs(picture);
            } finally {
                Locale.setDefault(before);
            }
        }
        assertThat(run("--seed=2").out()).isNotEqualTo(run.out());
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(Files.newInputStream(withoutDoctype(picture)))
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
        assertThat(Files.readString(picture)).contains(">M/M/1<", ">M/M/2<", ">Queue length over time, ", ">time<");
        assertNoWorkerIsLeft();
    }

    /** Nothing is fetched for a test. */
    private Path withoutDoctype(Path picture) throws IOException {
        return Files.writeString(
                scratch.resolve("plain.svg"), Files.readString(picture).replaceFirst("(?s)<!DOCTYPE.*?>", ""));
    }

    @Test
    void everyFigureStandsBesideItsClosedFormAndQueriesAreCounted() {
        Run run = run();

        assertThat(run.out())
                .contains("M/M/1: arrival rate 0.4, service rate 1.0, servers 1, load 0.40000\n")
                .contains("M/M/2: arrival rate 0.4, service rate 1.0, servers 2, load 0.20000\n")
                .containsPattern("utilisation +0\\.40000 +0\\.[34]\\d+ +0\\.00\\d+   (yes|no)\n")
                .containsPattern("number in system +0\\.66667 +0\\.[67]\\d+ +0\\.0\\d+   (yes|no)\n")
                .containsPattern("wait in queue +0\\.66667 +0\\.[67]\\d+ +0\\.0\\d+   (yes|no)\n")
                .containsPattern("time in system +1\\.6667 +1\\.[567]\\d+ +0\\.\\d+   (yes|no)\n")
                .containsPattern("inspections given up +0\\.14715 +0\\.1\\d+ +0\\.0\\d+   (yes|no)\n")
                .containsPattern("[\\d,]+ queries: [\\d,]+ answered, [1-9][\\d,]* given up, 20 open at the end; "
                        + "[1-9][\\d,]* late answers, all refused\n");
        assertThat(run.err())
                .containsPattern("^[\\d,]+ rounds in [\\d.]+ s on \\d+ threads?: [\\d,]+ queries per second\n")
                .contains("bytes allocated by channels");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--arrival 0 | --arrival: 0.0 is not a rate between",
                "--arrival -1 | --arrival: -1.0 is not a rate between",
                "--arrival NaN | --arrival: NaN is not a rate between",
                "--arrival Infinity | --arrival: Infinity is not a rate between",
                "--arrival x | Invalid value for option '--arrival'",
                "--service 0 | --service: 0.0 is not a rate between",
                "--service -0.5 | --service: -0.5 is not a rate between",
                "--arrival 1e-6 --service 1e6 | --arrival: 1.0E-6 is too little",
                "--arrival 1 --servers 1 | --arrival: 1.0 is unstable, the line grows for ever",
                "--arrival 2.5 --servers 4,2 | with 2 at a service rate of 1.0",
                "--servers 0 | --servers: 0 is not between 1 and 1,000",
                "--servers 1,-1 | --servers: -1 is not between",
                "--servers 1001 | --servers: 1001 is not between",
                "--servers 1,1 | --servers: a number is there twice",
                "--servers , | --servers: at least one number is needed",
                "--customers 1 | --customers: 1 are too few: M/M/1 at a load of 0.8 needs at least 28,720",
                "--customers 0 | --customers: 0 are too few",
                "--customers -5 | --customers: -5 are too few",
                "--customers 9223372036854775807 | are too many",
                "--customers 1e6 | Invalid value for option '--customers'",
                "--arrival 0.9999 | --customers: M/M/1 at a load of 0.9999 needs at least",
                "--workers 0 | --workers: 0 is not between",
                "--seed x | Invalid value for option '--seed'",
                "--svg | Missing required parameter for option '--svg'",
                "nonsense | Unmatched argument"
            })
    void badArgumentsAreRefusedBeforeAnythingRuns(String arguments, String message) {
        Run run = Run.of(arguments.split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("simulation: ").contains(message).endsWith("\nTry --help.\n");
        assertThat(run.err().lines()).hasSize(2);
    }

    @Test
    void helpIsAResult() {
        Run run = Run.of("--help");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("--seed", "--arrival", "--service", "--servers", "--customers", "--svg", "--workers");
    }

    @Test
    void aPictureThatCannotBeWrittenIsAProblemButTheFiguresAreThere() {
        Path missing = scratch.resolve("missing").resolve("picture.svg");

        Run run = run("--svg", missing.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).contains("utilisation");
        assertThat(run.err()).endsWith("simulation: " + missing + ": No such file or directory\n");
    }

    @Test
    void figuresThatCannotBeWrittenAreAProblem() {
        Run run = Run.of(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                },
                SMALL);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).endsWith("simulation: write error: No space left on device\n");
    }

    @Test
    void anInterruptEndsTheProgramAndItsWorkers() throws Exception {
        Thread.currentThread().interrupt();

        Run run = Run.of("--customers=100000000");

        assertThat(Thread.interrupted()).as("the flag is still set").isTrue();
        assertThat(run).isEqualTo(new Run(1, "", "simulation: interrupted\n"));
        assertNoWorkerIsLeft();
    }

    private static Run run(String... more) {
        String[] args = new String[SMALL.length + more.length];
        System.arraycopy(SMALL, 0, args, 0, SMALL.length);
        System.arraycopy(more, 0, args, SMALL.length, more.length);
        return Run.of(args);
    }

    private static void assertNoWorkerIsLeft() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("simulation-worker")) {
                thread.join(30_000);
                assertThat(thread.isAlive()).as("a worker is left").isFalse();
            }
        }
    }
}
