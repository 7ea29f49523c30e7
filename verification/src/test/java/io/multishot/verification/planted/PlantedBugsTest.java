package io.multishot.verification.planted;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.verification.planted.Garden.Verdict;
import io.multishot.verification.planted.PlantedBug.Assertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each planted bug is caught by its check, and the same checks pass on the library as it is. Belongs to the deep tier: it runs a
 * good part of the library's tests once more for each bug.
 */
@Tag("deep")
class PlantedBugsTest {
    @ParameterizedTest
    @EnumSource
    void is_caught(PlantedBug bug) throws Exception {
        Garden garden = new Garden(fresh(bug.name()));
        long start = System.nanoTime();
        Path classes = garden.plant(bug.file, bug.correct, bug.wrong);
        Verdict verdict = garden.check(classes, bug.assertions == Assertions.ON, List.of(bug.check));
        System.out.printf(
                Locale.ROOT,
                "planted %s: %s %s after %d s%n",
                bug,
                bug.check,
                verdict == Verdict.HUNG ? "hung" : verdict == Verdict.FAILED ? "failed" : "PASSED",
                Duration.ofNanos(System.nanoTime() - start).toSeconds());
        assertThat(verdict).as("the verdict of " + bug.check).isIn(Verdict.FAILED, Verdict.HUNG);
    }

    @ParameterizedTest
    @EnumSource
    void without_a_bug_the_checks_pass(Assertions assertions) throws Exception {
        List<String> checks = Stream.of(PlantedBug.values())
                .filter(bug -> bug.assertions == assertions)
                .map(bug -> bug.check)
                .distinct()
                .toList();
        Garden garden = new Garden(fresh("nothing-" + assertions));
        assertThat(garden.check(garden.plantNothing(), assertions == Assertions.ON, checks))
                .isEqualTo(Verdict.PASSED);
    }

    private static Path fresh(String name) throws IOException {
        Path directory = Path.of("target", "planted", name);
        Garden.delete(directory);
        return Files.createDirectories(directory);
    }
}
