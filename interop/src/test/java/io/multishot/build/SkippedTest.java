package io.multishot.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of the build names each reason once. */
@Tag("texts")
class SkippedTest {
    private static final Instant BEGIN = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    private Path project;

    private final Skipped skipped = new Skipped();

    @Test
    void eachReasonIsPrintedWithItsTests() throws Exception {
        report("b/target/surefire-reports/TEST-x.BTest.xml", BEGIN, """
                <testcase name="one" classname="x.BTest"/>
                <testcase name="two" classname="x.BTest(without-assertions)">
                  <skipped type="T"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: no redis here
                    at x.BTest.two(BTest.java:1)]]></skipped>
                </testcase>
                <testcase name="three" classname="x.ATest"><skipped message="no redis here"/></testcase>
                """);
        report("a/target/surefire-reports/TEST-x.CTest.xml", BEGIN.plusSeconds(1), """
                <testcase name="one" classname="x.CTest"><skipped/></testcase>
                """);
        report("a/target/surefire-reports/TEST-x.OldTest.xml", BEGIN.minusSeconds(1), """
                <testcase name="one" classname="x.OldTest"><skipped message="of an earlier build"/></testcase>
                """);

        skipped.addReports(project, BEGIN);

        assertThat(skipped.lines(List.of("", "Jox: needs JDK 21")))
                .containsExactly(
                        "Tests that ran: 1. Skipped, and why:",
                        "  a: no reason given (1 of CTest)",
                        "  b: no redis here (2 of ATest, BTest)",
                        "  Jox: needs JDK 21");
    }

    @Test
    void nothingSkippedIsSaid() throws Exception {
        report("a/target/surefire-reports/TEST-x.ATest.xml", BEGIN, "<testcase name='one' classname='x.ATest'/>");
        skipped.addReports(project, BEGIN);
        assertThat(skipped.lines(List.of(""))).containsExactly("Tests that ran: 1. Nothing was skipped.");
    }

    @Test
    void aBuildWithoutTestsSaysSo() {
        assertThat(skipped.lines(List.of(""))).containsExactly("No test ran.");
    }

    private void report(String name, Instant written, String cases) throws Exception {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<testsuite>" + cases + "</testsuite>");
        Files.setLastModifiedTime(file, FileTime.from(written));
    }
}
