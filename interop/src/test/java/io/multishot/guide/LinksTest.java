package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each link from a page of Markdown or of the Javadoc leads somewhere. No other host is asked. */
@Tag("texts")
class LinksTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @Test
    void noLinkOfAPageIsDead() throws IOException {
        Links links = Links.inMarkdown(PROJECT);
        assertThat(links.count()).isGreaterThan(100);
        assertThat(links.dead()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multishot", "multishot-aeron"})
    void noLinkOfTheJavadocIsDead(String module) throws IOException {
        Path javadoc = PROJECT.resolve(module).resolve("target/reports/apidocs");
        assumeTrue(Files.isDirectory(javadoc), "mvn verify makes the Javadoc of " + module);
        Links links = Links.inJavadoc(javadoc);
        assertThat(links.countToJdk()).isPositive();
        assertThat(links.dead())
                .as("dead links in " + javadoc + "; if another JDK has left pages there, run mvn clean")
                .isEmpty();
    }

    @Test
    void aDeadLinkOfAPageIsFound() throws IOException {
        write("docs/a.md", """
                # The `Sender.send` of *us*, & more
                ## Twice
                ## Twice
                [Over
                two lines](#twice-1), [file](../b.md), [folder](..), ![image](c.svg), [page](https://example.org/x)
                [1](#the-sendersend-of-us--more), [2](../b.md#b), `[code](none)`
                ```
                # Code
                [none](none)
                ```
                """);
        write("docs/c.svg", "<svg/>");
        write("b.md", """
                # b
                [1](docs/none.md), [2](docs/a.md#thrice), [3](#code), [4](docs/a.md#code), [5]( ../outside.md)
                """);
        write("target/ignored.md", "[1](none)");

        assertThat(Links.inMarkdown(folder).dead())
                .containsExactly(
                        "b.md: docs/none.md",
                        "b.md: docs/a.md#thrice",
                        "b.md: #code",
                        "b.md: docs/a.md#code",
                        "b.md: ../outside.md");
    }

    @Test
    void aDeadLinkOfTheJavadocIsFound() throws IOException {
        String jdk = "https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/";
        write("io/A.html", """
                <h1 id="here">A</h1> <a href="#here">1</a> <a href="../B.html#%3Cinit%3E(int)">2</a> <a href="#">3</a>
                <a href="JDK/List.html#of()">4</a> <a href="JDK/Map.Entry.html">5</a> <img src="../b.png">
                <a href="https://example.org/">6</a> <a href="../B.html?is-external=true">7</a>
                """.replace("JDK/", jdk));
        write("b.png", "");
        write("B.html", """
                <a id="&lt;init&gt;(int)">B</a> <a href="io/C.html">1</a> <a href="io/A.html#there">2</a>
                <a href="JDK/Lost.html">3</a> <link href="none.css">
                """.replace("JDK/", jdk));

        assertThat(Links.inJavadoc(folder).dead())
                .containsExactly(
                        "B.html: io/C.html",
                        "B.html: io/A.html#there",
                        "B.html: " + jdk + "Lost.html",
                        "B.html: none.css");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
