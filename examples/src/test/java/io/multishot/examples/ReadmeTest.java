package io.multishot.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README shows the program that QuickstartTest runs. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path PROGRAM = Path.of("src/main/java/io/multishot/examples/Quickstart.java");

    private static final Pattern BLOCK = Pattern.compile(
            "^#+ Example\\s*$(?:(?!^#+ ).)*?^```java\\n(?<code>.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern SNIPPET = Pattern.compile(
            "^ *// snippet:quickstart\\n(?<code>.*?)^ *// end:quickstart$", Pattern.MULTILINE | Pattern.DOTALL);

    @Test
    void the_example_in_the_README_is_the_quickstart() throws IOException {
        assertThat(README).as("the README of the project").exists();

        String shown = find(BLOCK, Files.readString(README), "a java block under the heading Example in README.md");
        String program = find(SNIPPET, Files.readString(PROGRAM), "the marked lines of Quickstart.java");

        assertThat(shown)
                .as("the example in README.md")
                .isEqualTo(program.stripTrailing().stripIndent() + "\n");
    }

    private static String find(Pattern pattern, String text, String what) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("there is " + what).isTrue();
        return matcher.group("code");
    }
}
