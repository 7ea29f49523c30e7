package io.multishot.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.BenchmarkMethod;
import io.multishot.benchmarks.Contender;
import org.junit.jupiter.api.Test;

class ScenarioTest {
    @Test
    void namedScenariosExist() {
        assertThat(Scenario.all())
                .extracting(Scenario::name)
                .containsAll(Scenario.DETAILS)
                .containsAll(Scenario.ON_VIRTUAL_THREADS)
                .contains("round.ready", "ask.parked", "memory.idle");
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

    @Test
    void everyContenderIsInItsScenarios() {
        assertThat(BenchmarkMethod.of(Object.class)).allSatisfy(benchmark -> {
            String chapter = benchmark.owner().getPackageName().replaceAll(".*\\.", "");
            String name = benchmark.owner().getAnnotation(Contender.class).value();
            assertThat(Scenario.all()).anySatisfy(scenario -> {
                assertThat(scenario.name())
                        .isEqualTo(chapter + "." + benchmark.method().getName());
                assertThat(scenario.contenders()).contains(name);
            });
        });
    }
}
