package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each block of code in the library's Javadoc is a tagged snippet of a source, and so is compiled and tested. */
@Tag("texts")
class JavadocTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void theJavadocQuotesTheSources() throws IOException {
        List<Quote> quotes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(PROJECT.resolve("multishot/src/main"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                quotes.addAll(Quote.inJavadoc(PROJECT.relativize(file).toString(), Files.readAllLines(file)));
            }
        }
        assertThat(quotes).extracting(Quote::where).anyMatch(where -> where.contains("overview.html"));
        assertThat(quotes).extracting(Quote::where).anyMatch(where -> where.contains("Receiver.java"));
        assertThat(Snippets.below(PROJECT).problemsWith(quotes)).isEmpty();
    }

    @Test
    void aBlockInACommentIsFoundWithoutItsMargin() {
        List<String> source = """
                /**
                 * Text.
                 *
                 * <!-- snippet: some -->
                 *
                 * <pre>{@code
                 * if (ready) {
                 *
                 *     answer();
                 * }
                 * }</pre>
                 */
                class Some {
                    String html = "<pre>";
                }
                """.lines().toList();
        assertThat(Quote.inJavadoc("Some.java", source))
                .containsExactly(new Quote("Some.java:6", "some", List.of("if (ready) {", "", "    answer();", "}")));
    }

    @Test
    void aBlockInAPageIsFound() {
        List<String> page = """
                <!-- snippet: some -->
                <pre>{@code
                answer();
                }</pre>
                """.lines().toList();
        assertThat(Quote.inJavadoc("page.html", page))
                .containsExactly(new Quote("page.html:2", "some", List.of("answer();")));
    }

    @Test
    void aBlockThatNamesNoSnippetIsWrong() {
        List<String> source = List.of("/**", " * <pre>", " * answer();", " * </pre>", " */");
        assertThat(new Snippets().problemsWith(Quote.inJavadoc("Some.java", source)))
                .containsExactly("Some.java:2: no <!-- snippet: NAME --> on the line above this block");
    }
}
