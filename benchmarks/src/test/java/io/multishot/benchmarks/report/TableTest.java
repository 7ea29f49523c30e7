package io.multishot.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.Contender;
import io.multishot.benchmarks.Contender.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Contender FLOOR = Floor.class.getAnnotation(Contender.class);
    private static final Contender OURS = Ours.class.getAnnotation(Contender.class);
    private static final Contender PEER = Peer.class.getAnnotation(Contender.class);

    private final Table table = new Table("round.ready");

    @Contender(value = "floor", role = Role.FLOOR)
    private static final class Floor {}

    @Contender(value = "ours", role = Role.OURS)
    private static final class Ours {}

    @Contender("peer")
    private static final class Peer {}

    @Test
    void aRatioIsAgainstTheFloorOfTheSamePass() {
        twoPasses();
        assertThat(table.markdown()).isEqualTo("""
                |  | ns | times the first row: median | quartiles | least to most | bytes |
                |---|--:|--:|--:|--:|--:|
                | floor | 3 | 1.00 | 1.00 to 1.00 | 1.00 to 1.00 |  |
                | **ours** | 4.50 | 1.50 | 1.50 to 1.50 | 1.50 to 1.50 | 0 |
                | peer | 11 | 4.00 | 3.00 to 5.00 | 3.00 to 5.00 |  |
                """);
    }

    @Test
    void withoutAFloorRatiosAreAgainstOurs() {
        table.addPass(Map.of(PEER, times(8), OURS, times(4)));
        assertThat(table.base()).isEqualTo(OURS);
        assertThat(table.markdown()).contains("| **ours** | 4 | 1.00 |", "| peer | 8 | 2.00 |");
    }

    @Test
    void aPassWithoutItsFloorHasNoRatios() {
        table.addPass(Map.of(FLOOR, times(2), OURS, times(4)));
        table.addPass(Map.of(OURS, times(100)));
        assertThat(table.markdown()).contains("| **ours** | 52 | 2.00 | 2.00 to 2.00 | 2.00 to 2.00 |");
    }

    @Test
    void aContenderWithoutTimesHasNoRatios() {
        Samples samples = new Samples();
        samples.add("bytesEach", 64);
        table.addPass(Map.of(OURS, samples));
        assertThat(table.hasRatios()).isFalse();
        assertThat(table.markdown()).isEqualTo("|  | bytesEach |\n|---|--:|\n| **ours** | 64 |\n");
    }

    @Test
    void theChartHasABarForEachRow() throws Exception {
        twoPasses();
        assertThat(Chart.svg(table)).contains("<svg", "floor  1.00", "ours  1.50", "peer  4.00");
    }

    @Test
    void numbersHaveThreeSignificantDigits() {
        assertThat(List.of(0.001, 0.123, 1.234, 12.34, 123.4, 1234.4, 1_000_000.0, 64.0))
                .extracting(Table::number)
                .containsExactly("0", "0.12", "1.23", "12.3", "123", "1,234", "1,000,000", "64");
    }

    /** In the second pass the machine was half as fast. */
    private void twoPasses() {
        Samples ours = times(3, 3, 3);
        ours.add("bytes", 0.001);
        table.addPass(Map.of(PEER, times(6, 8, 10), FLOOR, times(2, 2, 2), OURS, ours));
        table.addPass(Map.of(FLOOR, times(4, 4, 4), OURS, times(6, 6, 6), PEER, times(12, 16, 20)));
    }

    private static Samples times(double... times) {
        Samples samples = new Samples();
        for (double time : times) {
            samples.add(Samples.TIME, time);
        }
        return samples;
    }
}
