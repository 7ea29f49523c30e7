package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The suite runs twice; this proves that the two runs differ as the build says. */
class AssertionStatusTest {
    @Test
    void assertionsAreEnabledOrDisabledAsThisRunOfTheSuiteExpects() {
        String expected = System.getProperty("multishot.expectAssertions");
        assertThat(expected).as("set by the build").isNotNull();
        assertThat(Checks.FULL).isEqualTo(Boolean.parseBoolean(expected));
    }
}
