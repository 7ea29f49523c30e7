package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the README says of time and garbage is what was measured: the tables of {@code docs/benchmarks.md}. */
@Tag("texts")
class ReadmeFiguresTest {
    private static final List<String> ROUNDS = List.of("ready", "fresh", "pending", "dropped");
    private static final String RECYCLING = "multishot, recycling";

    private final String readme = Files.readString(Path.of("..", "README.md")).replaceAll("\\s+", " ");
    private final List<MarkdownTable> tables =
            MarkdownTable.in(Files.readAllLines(Path.of("..", "docs", "benchmarks.md")));
    private final MarkdownTable rounds = table(List.of("ready", "fresh", "pending", "dropped"));

    ReadmeFiguresTest() throws IOException {}

    private MarkdownTable table(List<String> columns) {
        return tables.stream()
                .filter(each -> each.columns().containsAll(columns))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the number in the README that stands where the pattern has its group. */
    private double claim(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(readme);
        assertThat(matcher.find()).as("the README says: " + pattern).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    private double round(String row, String column) {
        return Double.parseDouble(rounds.rows().get(row).get(rounds.columns().indexOf(column)));
    }

    @Test
    void aRecyclingRoundTakesAsLongAsClaimed() {
        String rest = " times as long as the bare atomic operations, by JDK and collector";
        MarkdownTable collectors = table(List.of("JDK 25, G1", "25, ZGC", "17, Parallel"));
        DoubleSummaryStatistics measured = Stream.concat(
                        ROUNDS.stream().map(column -> round(RECYCLING, column)),
                        Stream.of("ready", "pending", "dropped")
                                .flatMap(state -> collectors.rows().get(state + ", recycling").stream())
                                .map(Double::parseDouble))
                .mapToDouble(ratio -> Math.round(10 * ratio) / 10.0)
                .summaryStatistics();
        assertThat(measured.getMin()).isEqualTo(claim("a recycling round takes ([0-9.]+) to [0-9.]+" + rest));
        assertThat(measured.getMax()).isEqualTo(claim("a recycling round takes [0-9.]+ to ([0-9.]+)" + rest));
    }

    @Test
    void thoseOfMostPeersTakeLonger() {
        assertThat(readme).contains("Most peers take longer");
        assertThat(ROUNDS).allSatisfy(column -> {
            int index = rounds.columns().indexOf(column);
            List<String> peers = rounds.rows().entrySet().stream()
                    .filter(row ->
                            !row.getKey().startsWith("floor") && !row.getKey().startsWith("multishot"))
                    .map(row -> row.getValue().get(index))
                    .filter(cell -> !cell.isEmpty())
                    .toList();
            long slower = peers.stream()
                    .filter(cell -> Double.parseDouble(cell) > round(RECYCLING, column))
                    .count();
            assertThat(2 * slower).as(column).isGreaterThan(peers.size());
        });
    }

    @Test
    void theBytesAreThoseThatWereMeasured() {
        assertThat(claim("at the price of ([0-9]+) bytes, or [0-9]+ with a callback"))
                .isEqualTo(round("CompletableFuture", "bytes, ready"));
        assertThat(claim("at the price of [0-9]+ bytes, or ([0-9]+) with a callback"))
                .isEqualTo(round("CompletableFuture, whenComplete", "bytes, pending"));
        for (String column : List.of("bytes, ready", "bytes, pending")) {
            assertThat(claim("Here a request costs ([0-9]+) bytes")).isEqualTo(round("multishot, safe", column));
            assertThat(claim("([0-9]+) if the receiver recycles")).isEqualTo(round(RECYCLING, column));
        }
        List<String> idle = table(List.of("times the floor", "goal")).rows().get("bytes of an idle channel");
        assertThat(claim("An idle channel takes at most ([0-9]+) bytes")).isEqualTo(Double.parseDouble(idle.get(0)));
    }
}
