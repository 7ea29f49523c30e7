package io.multishot.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.benchmarks.VirtualThreads;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ProbeTest {
    private static final int FEW = 20;

    @TestFactory
    Stream<DynamicTest> every_probe_finds_something() {
        return Stream.of(Probe.values())
                .filter(probe -> probe != Probe.ASKING)
                .filter(probe -> probe != Probe.WAITING || VirtualThreads.exist())
                .flatMap(probe -> probe.rows().stream()
                        .map(row -> DynamicTest.dynamicTest(probe + " " + row.name(), () -> {
                            List<Finding> findings = probe.measure(row.name(), FEW);
                            assertThat(findings.get(0).value()).isEqualTo(FEW);
                        })));
    }

    @TestFactory
    Stream<DynamicTest> asking() {
        return Asking.subjects().stream()
                .map(subject ->
                        DynamicTest.dynamicTest(subject.name(), () -> assertThat(Asking.measure(subject.maker(), 0))
                                .extracting(Finding::metric)
                                .contains("garbage collections")));
    }

    @Test
    void findingsAreReadAsTheyAreWritten() {
        Finding finding = new Finding("bytes each", "B", 64.5);
        assertThat(Finding.isFinding(finding.toLine())).isTrue();
        assertThat(Finding.parse(finding.toLine())).isEqualTo(finding);
    }
}
