package io.multishot.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.BenchmarkMethod;
import io.multishot.benchmarks.Contender;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The report finds every benchmark, and every benchmark is in the report. */
class ThemeTest {
    private final Set<String> benchmarks = BenchmarkMethod.of(Object.class).stream()
            .map(benchmark ->
                    benchmark.owner().getName() + "." + benchmark.method().getName())
            .collect(Collectors.toSet());

    @Test
    void everyBenchmarkHasAPlaceInTheReport() {
        assertThat(benchmarks).isNotEmpty().allSatisfy(name -> assertThat(patterns())
                .anyMatch(pattern -> found(name, pattern)));
    }

    @Test
    void everyPlaceHasABenchmark() {
        assertThat(patterns()).allSatisfy(pattern -> assertThat(benchmarks).anyMatch(name -> found(name, pattern)));
    }

    @Test
    void everyClassOfBenchmarksHasANameOfItsOwnInItsTables() {
        assertThat(BenchmarkMethod.of(Object.class))
                .allSatisfy(benchmark -> assertThat(benchmark.owner()).hasAnnotation(Contender.class))
                .extracting(benchmark -> benchmark.owner().getPackageName()
                        + " "
                        + benchmark.method().getName()
                        + " "
                        + benchmark.owner().getAnnotation(Contender.class).value())
                .doesNotHaveDuplicates();
    }

    private static Set<String> patterns() {
        return Stream.of(Theme.values())
                .filter(theme -> theme != Theme.MEMORY)
                .flatMap(theme -> theme.scenarios().stream().map(scenario -> JmhRun.pattern(theme, scenario.method())))
                .collect(Collectors.toSet());
    }

    private static boolean found(String name, String pattern) {
        return name.matches(".*" + pattern);
    }
}
