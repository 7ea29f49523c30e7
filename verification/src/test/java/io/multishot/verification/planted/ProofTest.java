package io.multishot.verification.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every guarantee of the README has a planted bug, and docs/proof.md tells of each bug what the build does with it. */
class ProofTest {
    private static final Path PROJECT = Path.of("..");
    private static final String JAVADOC = "Javadoc";

    private final List<PlantedBug> bugs = PlantedBug.all();

    @Test
    void eachGuaranteeOfTheReadmeIsBrokenByAPlantedBug() throws IOException {
        String readme = Files.readString(PROJECT.resolve("README.md"));
        String guarantees = section(readme, "## Guarantees");
        Set<String> promised = new TreeSet<>();
        promised.addAll(found(guarantees, "(?m)^\\| (`[^|]*?) \\|"));
        promised.addAll(found(guarantees, "(?m)^- \\*\\*(.*?)\\*\\*"));
        promised.addAll(found(section(readme, "## Three levels of protection"), "(?m)^\\| (?!level)([a-z]+) \\|"));

        assertThat(promised).hasSize(23);
        assertThat(bugs.stream().map(PlantedBug::readme).filter(name -> !name.equals(JAVADOC)))
                .containsAll(promised)
                .isSubsetOf(promised);
    }

    @Test
    void theTableTellsOfEachBugByWhatItIsCaught() throws IOException {
        String proof = Files.readString(PROJECT.resolve(Path.of("docs", "proof.md")));

        assertThat(bugs).allSatisfy(bug -> {
            String row = "| " + bug.guarantee() + " | " + bug.mistake() + " | " + names(bug.quick()) + " | ";
            assertThat(section(proof, "### " + bug.readme()))
                    .as(bug.name())
                    .containsPattern(
                            Pattern.quote(row) + "\\d+(\\.\\d)? \\| " + Pattern.quote(names(bug.deep()) + " |"));
        });
        assertThat(proof.lines().filter(line -> line.matches(".* \\| \\d+(\\.\\d)? \\| .*")))
                .hasSize(bugs.size());
    }

    private static String names(List<Check> checks) {
        return checks.stream().map(Check::name).collect(Collectors.joining(", "));
    }

    private static List<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    /** From this heading to the next one that is not below it. */
    private static String section(String text, String heading) {
        int start = text.indexOf(heading + "\n");
        assertThat(start).as("the place of \"" + heading + "\"").isNotNegative();
        String level = heading.substring(0, heading.indexOf(' '));
        int end = text.indexOf("\n" + level + " ", start + 1);
        return text.substring(start, end < 0 ? text.length() : end);
    }
}
