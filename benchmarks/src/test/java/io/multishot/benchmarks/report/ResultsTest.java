package io.multishot.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.Contender.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    private final Results results = Samples.twoPasses();
    private final List<Series> rows = results.rows("round", "ready", Series.TIME);

    @Test
    void floorsComeFirstThenOurs() {
        assertThat(rows).extracting(Series::contender).containsExactly("floor", "ours", "peer");
        assertThat(Results.base(rows)).contains(rows.get(0));
    }

    @Test
    void withoutAFloorTheBaseIsOurs() {
        assertThat(Results.base(rows.subList(1, 3))).contains(rows.get(1));
    }

    @Test
    void passesOfTheSameFigureAreJoined() {
        assertThat(rows.get(2).passes()).containsExactly(List.of(6.0, 8.0, 10.0), List.of(12.0, 16.0, 20.0));
    }

    @Test
    void aRatioIsAgainstTheFloorOfTheSamePass() {
        assertThat(rows.get(1).ratiosTo(rows.get(0))).containsExactly(1.5, 1.5, 1.5, 1.5, 1.5, 1.5);
        assertThat(rows.get(2).ratiosTo(rows.get(0))).containsExactly(3.0, 4.0, 5.0, 3.0, 4.0, 5.0);
    }

    @Test
    void aPassWithoutItsFloorHasNoRatio() {
        Series floor = Samples.series("floor", Role.FLOOR, Series.TIME, List.of(List.of(), List.of(2.0)));
        Series row = Samples.series("ours", Role.OURS, Series.TIME, List.of(List.of(1.0), List.of(4.0)));
        assertThat(row.ratiosTo(floor)).containsExactly(2.0);
    }

    @Test
    void aContenderThatFailedInAPassHasNoSamplesThere() {
        Series late = Samples.series("late", Role.PEER, Series.TIME, List.of(List.of(8.0)));
        Series added = results.with(2, List.of(late))
                .rows("round", "ready", Series.TIME)
                .get(2);
        assertThat(added.passes()).containsExactly(List.of(), List.of(8.0));
        assertThat(added.ratiosTo(rows.get(0))).containsExactly(2.0);
    }

    @Test
    void tablesShowMediansRatiosAndBytes() {
        assertThat(new Tables(results).all())
                .contains("| floor | 3.50 | 1.00 | 1.00 to 1.19 | 1.00 to 1.50 |  |")
                .contains("| **ours** | 4.50 | 1.50 | 1.50 to 1.50 | 1.50 to 1.50 | 0 |")
                .contains("| peer | 11 | 4.00 | 3.25 to 4.75 | 3.00 to 5.00 |  |");
    }

    @Test
    void numbersHaveThreeDigitsThatMatter() {
        assertThat(List.of(0.123, 1.234, 12.34, 123.4, 1234.4, 1_000_000.0, 64.0))
                .extracting(Tables::number)
                .containsExactly("0.12", "1.23", "12.3", "123", "1,234", "1,000,000", "64");
    }

    @Test
    void filesKeepEverySampleAndShowIt(@TempDir Path folder) throws Exception {
        ResultFiles.write(results, folder);
        assertThat(ResultFiles.read(folder)).isEqualTo(results);
        assertThat(Files.readAllLines(folder.resolve("results.csv")))
                .hasSize(1 + 21)
                .contains("round,ready,peer,PEER,time,ns,2,16.0");

        Publication.write(folder);
        assertThat(folder.resolve("tables.md")).content().isEqualTo(new Tables(results).all());
        assertThat(folder.resolve("round-ready.svg")).content().contains("<svg", "floor", "ours", "peer");
        assertThat(folder.resolve("round-ready-bytes.svg")).content().contains("<svg", "ours");
    }

    @Test
    void aPageGetsItsTables(@TempDir Path folders) throws Exception {
        ResultFiles.write(results, folders.resolve("here"));
        Path page = folders.resolve("page.md");
        Files.writeString(page, """
                Before.
                <!-- begin here round.ready -->
                old
                <!-- end -->
                Between.
                <!-- begin elsewhere round.ready -->
                kept
                <!-- end -->
                <!-- begin here machine -->
                <!-- end -->
                """);
        Page.fill(page, folders);
        assertThat(page)
                .content()
                .startsWith("Before.\n<!-- begin here round.ready -->\n\n| | ns a round |")
                .contains("| **ours** | 4.50 |", "-->\nkept\n<!--", "a processor, 2 processors, 24 GiB")
                .doesNotContain("old");
        String once = Files.readString(page);
        Page.fill(page, folders);
        assertThat(page).content().isEqualTo(once);
    }

    @Test
    void linesAreDrawn(@TempDir Path folder) throws Exception {
        List<Series> growth = List.of(
                growing("channels count=1", 2.0),
                growing("channels count=10", 3.0),
                growing("channels count=100", 5.0));
        ResultFiles.write(new Results(Samples.MACHINE, growth), folder);
        Publication.write(folder);
        assertThat(folder.resolve("growth.svg")).content().contains("<svg", "ours", "100");
    }

    private static Series growing(String scenario, double time) {
        return new Series("growth", scenario, "ours", Role.OURS, 0, Series.TIME, "ns", List.of(List.of(time)));
    }
}
