package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each block of code in the guide and the README is a tagged snippet of a source, and so is compiled and tested. */
@Tag("texts")
class GuideTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private static final List<String> SOURCE = """
            class Some {
                // tag::outer[]
                void work() {
                    // tag::inner[]
                    if (ready) {
                        answer();
                    }
                    // end::inner[]
                }
                // end::outer[]
            }
            """.lines().toList();

    @ParameterizedTest
    @ValueSource(strings = {"docs/guide.md", "docs/migration.md", "docs/libraries.md", "docs/remote.md", "README.md"})
    void theTextsQuoteTheSources(String text) throws IOException {
        List<Quote> quotes = Quote.inMarkdown(text, Files.readAllLines(PROJECT.resolve(text)));
        assertThat(quotes).isNotEmpty();
        assertThat(Snippets.below(PROJECT).problemsWith(quotes)).isEmpty();
    }

    @Test
    void anEqualBlockIsRightAtAnyIndentation() {
        assertThat(problems("""
                Text.

                <!-- snippet: inner -->
                ```java
                if (ready) {
                    answer();
                }
                ```

                - In a list:
                  <!-- snippet: outer -->
                  ```kotlin
                  void work() {
                      if (ready) {
                          answer();
                      }
                  }
                  ```
                """)).isEmpty();
    }

    @Test
    void aBlockThatDiffersIsWrong() {
        assertThat(problems("""
                <!-- snippet: inner -->
                ```java
                if (ready) {
                    reply();
                }
                ```
                """)).containsExactly("""
                        page.md:2: differs from the snippet 'inner' at Some.java:5 in line 2:
                          text:       reply();
                          source:     answer();""");
    }

    @Test
    void aBlockThatIsTooShortOrTooLongIsWrong() {
        assertThat(problems("""
                <!-- snippet: inner -->
                ```java
                if (ready) {
                    answer();
                ```
                <!-- snippet: inner -->
                ```java
                if (ready) {
                    answer();
                }
                answer();
                ```
                """)).containsExactly("""
                        page.md:2: differs from the snippet 'inner' at Some.java:5 in line 3:
                          text:   (no such line)
                          source: }""", """
                        page.md:7: differs from the snippet 'inner' at Some.java:5 in line 4:
                          text:   answer();
                          source: (no such line)""");
    }

    @Test
    void aBlockWithoutTheNameOfASnippetIsWrong() {
        assertThat(problems("""
                ```java
                answer();
                ```
                ~~~kotlin
                answer()
                ~~~
                <!-- snippet: missing -->
                ```java
                answer();
                ```
                ```sh
                mvn verify
                ```
                """))
                .containsExactly(
                        "page.md:1: no <!-- snippet: NAME --> on the line above this block",
                        "page.md:4: no <!-- snippet: NAME --> on the line above this block",
                        "page.md:8: no source has a snippet 'missing'");
    }

    @Test
    void aTagBeginsAndEndsOnce() {
        Snippets snippets = new Snippets();
        snippets.add("Some.java", SOURCE);
        snippets.add("Other.java", List.of("// tag::inner[]", "// end::inner[]", "// end::none[]", "// tag::open[]"));
        assertThat(snippets.problemsWith(List.of()))
                .containsExactly(
                        "Other.java:2: the snippet 'inner' is at Some.java:5 already",
                        "Other.java:3: ends the snippet 'none', which was not begun",
                        "Other.java: does not end the snippet 'open'");
    }

    private static List<String> problems(String page) {
        Snippets snippets = new Snippets();
        snippets.add("Some.java", SOURCE);
        return snippets.problemsWith(Quote.inMarkdown("page.md", page.lines().toList()));
    }
}
