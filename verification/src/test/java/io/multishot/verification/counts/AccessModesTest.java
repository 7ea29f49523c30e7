package io.multishot.verification.counts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Pins the access mode of every site to the one that access-modes.txt argues for. On a strongly ordered processor a
 * weaker mode would pass every other test. A new site needs an argument as well.
 */
class AccessModesTest {
    @Test
    void everySiteHasTheAccessModeThatWasArguedFor() throws IOException {
        List<String> expected = table().stream()
                .map(row -> row.get(0) + " " + row.get(1))
                .sorted()
                .toList();

        assertThat(new Sites(Library.load()).all()).containsExactlyElementsOf(expected);
    }

    @Test
    void everySiteHasAnArgument() throws IOException {
        assertThat(table())
                .allSatisfy(row -> assertThat(row).hasSize(3).noneMatch(String::isBlank))
                .hasSizeGreaterThan(50);
    }

    private static List<List<String>> table() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                AccessModesTest.class.getResourceAsStream("access-modes.txt"), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> List.of(line.strip().split("\\s*\\|\\s*")))
                    .toList();
        }
    }
}
