package io.multishot.verification.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every guarantee has a planted bug, and docs/planted-bugs.md lists the bugs as they are. */
class ProofTest {
    private static final Path PROJECT = Path.of("..");
    private static final Path PAGE = PROJECT.resolve(Path.of("docs", "planted-bugs.md"));
    private static final Path EXPECTED_PAGE = Path.of("target", "planted-bugs.md");

    /** Changes whenever a guarantee is added or removed, so that none is lost by accident. */
    private static final int GUARANTEES = 30;

    /** Writes the page in place. */
    private static final String COMMAND = "mvn -q -pl multishot,verification test -Dtest=ProofTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dmultishot.page=write";

    private final List<PlantedBug> bugs = PlantedBug.all();

    @Test
    void eachGuaranteeIsBrokenByAPlantedBug() throws IOException {
        List<String> guarantees = readGuarantees().names();
        Set<String> promised = keys(guarantees);
        Set<String> broken = keys(bugs.stream()
                .map(PlantedBug::promise)
                .filter(name -> !name.equals(Guarantees.JAVADOC))
                .toList());

        assertThat(guarantees)
                .as("guarantees of docs/guarantees.md: if one was added or removed on purpose, change the number here")
                .hasSize(GUARANTEES);
        assertThat(promised).as("no two guarantees with one name").hasSameSizeAs(guarantees);
        assertThat(without(promised, broken))
                .as("guarantees that no planted bug has in its line \"promise:\"")
                .isEmpty();
        assertThat(without(broken, promised))
                .as("lines \"promise:\" of planted bugs that name no guarantee; if it was reworded,"
                        + " reword them as well")
                .isEmpty();
    }

    @Test
    void theReadmeGuaranteesNothingElse() throws IOException {
        List<String> shown = Guarantees.read(PROJECT.resolve("README.md")).names();

        assertThat(shown).isNotEmpty();
        assertThat(without(keys(shown), keys(readGuarantees().names())))
                .as("rows of the README's table that are no guarantees of docs/guarantees.md")
                .isEmpty();
    }

    @Test
    void thePageListsThePlantedBugs() throws IOException {
        String expected = PlantedBugsPage.render(readGuarantees(), bugs, COMMAND);
        Files.writeString(EXPECTED_PAGE, expected);
        if ("write".equals(System.getProperty("multishot.page"))) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("docs/planted-bugs.md is not what the patches' heads say. Expected is "
                        + "verification/target/planted-bugs.md; this writes it in place: " + COMMAND)
                .isEqualTo(expected);
        assertThat(expected.lines().filter(line -> line.matches("\\|[^|]*\\|[^|]*\\| `[a-z-]+` \\|.*")))
                .as("one row for each bug")
                .hasSize(bugs.size());
    }

    private static Guarantees readGuarantees() throws IOException {
        return Guarantees.read(PROJECT.resolve("docs/guarantees.md"));
    }

    private static Set<String> keys(List<String> names) {
        return names.stream().map(Guarantees::key).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
