package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The suite runs twice, with assertions enabled and disabled. */
class AssertionStatusTest {
    @Test
    void assertionsAreAsThisRunExpects() {
        String expected = System.getProperty("multishot.expectAssertions");
        assertThat(expected).as("set by the build").isNotNull();
        assertThat(Checks.FULL).isEqualTo(Boolean.parseBoolean(expected));
    }
}
