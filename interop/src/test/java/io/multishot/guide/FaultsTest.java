package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The checks that the page of faults names exist. */
@Tag("texts")
class FaultsTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void eachFaultIsHeldByAnExistingCheck() throws IOException {
        Set<String> checks = new HashSet<>();
        for (String module : List.of("multishot", "multishot-aeron", "verification")) {
            try (Stream<Path> sources = Files.walk(PROJECT.resolve(module).resolve("src/test"))) {
                sources.map(source -> source.getFileName().toString().replace(".java", ""))
                        .forEach(checks::add);
            }
        }
        List<String> held = new ArrayList<>();
        for (MarkdownTable table : MarkdownTable.in(Files.readAllLines(PROJECT.resolve("docs/internals/faults.md")))) {
            assertThat(table.columns()).containsExactly("found by", "held by");
            for (List<String> row : table.rows().values()) {
                held.addAll(List.of(row.get(1).replace("`", "").split(", ")));
            }
        }
        assertThat(held).isNotEmpty();
        held.removeAll(checks);
        assertThat(held).as("checks that do not exist").isEmpty();
    }
}
