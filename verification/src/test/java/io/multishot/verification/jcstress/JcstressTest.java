package io.multishot.verification.jcstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs the jcstress classes of this package, all in one run because jcstress takes seconds to probe the JVM. The real
 * classes must show no forbidden outcome. The weakened ones are small copies of the idea with a bug, and must show that
 * bug, because a check that has never failed proves nothing.
 *
 * <p>What this cannot show: x86 never reorders two loads or two stores, so a missing acquire passes, and a missing
 * release shows only if the JIT compiler moves the store. Those orderings are argued for, modelled and pinned
 * elsewhere.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JcstressTest {
    /** Which classes to run, as a pattern: a class, a dot, a nested class. */
    private static final String NAMES =
            System.getProperty("multishot.jcstress", "\\w+.\\w+").replace(".", "\\.");

    private static final String ALL = "^" + JcstressTest.class.getPackageName() + "\\." + NAMES + "$";

    private final List<String> compiled =
            TestList.tests().stream().filter(name -> name.matches(ALL)).toList();

    private Collection<TestResult> results = List.of();

    @BeforeAll
    void run() throws IOException, InterruptedException {
        results = JcstressRunner.run(
                "all", ALL, Boolean.getBoolean("multishot.deep") ? JcstressRunner.LONG : JcstressRunner.QUICK);
        outcomes(results).forEach((name, counts) -> System.out.println("jcstress: " + name + " " + counts));
    }

    @Test
    @DisplayName("Every class ran, none was cut short")
    void ran() {
        assertThat(compiled)
                .as("what the annotation processor made runners for")
                .hasSizeGreaterThan(2);
        assertThat(results).extracting(TestResult::getName).containsAll(compiled);
        assertThat(results).allSatisfy(result -> {
            assertThat(result.status())
                    .as("%s: %s %s", result.getName(), result.getMessages(), result.getVmErr())
                    .isEqualTo(Status.NORMAL);
            assertThat(result.getTotalCount()).as(result.getName()).isPositive();
        });
    }

    @Test
    @DisplayName("No real class shows a forbidden outcome")
    void real() {
        assertThat(results)
                .filteredOn(result -> !isWeakened(result.getName()))
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.grading().failureMessages)
                        .as(result.getName())
                        .isEmpty());
    }

    @Test
    @DisplayName("Every weakened variant shows its bug")
    void weakened() throws IOException, InterruptedException {
        List<String> unseen =
                withoutBug(compiled.stream().filter(JcstressTest::isWeakened).toList(), results);
        if (!unseen.isEmpty()) {
            // On a busy machine the two threads may not have met: run these again, for longer.
            String regexp =
                    "^(" + String.join("|", unseen.stream().map(Pattern::quote).toList()) + ")$";
            unseen = withoutBug(unseen, JcstressRunner.run("weakened", regexp, JcstressRunner.LONG));
        }
        assertThat(unseen).as("weakened variants that do not show their bug").isEmpty();
    }

    private static boolean isWeakened(String name) {
        return name.contains(".Weakened");
    }

    private static List<String> withoutBug(List<String> names, Collection<TestResult> results) {
        return names.stream()
                .filter(name -> results.stream()
                        .noneMatch(result -> result.getName().equals(name) && result.grading().hasInteresting))
                .toList();
    }

    private static Map<String, Map<String, Long>> outcomes(Collection<TestResult> results) {
        Map<String, Map<String, Long>> outcomes = new TreeMap<>();
        for (TestResult result : results) {
            Map<String, Long> counts = outcomes.computeIfAbsent(result.getName(), name -> new TreeMap<>());
            result.getStateKeys().forEach(state -> counts.merge(state, result.getCount(state), Long::sum));
        }
        return outcomes;
    }
}
