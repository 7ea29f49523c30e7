package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What is closed while others use it: Aeron's memory is unmapped then, and whoever still writes there ends the process.
 */
@Timeout(90)
class ClosingTest {
    @Test
    @Tag("checked") // its own process has no assertions
    void theProcessSurvivesWhenAllIsClosedInTheMiddleOfMessages() throws Exception {
        try (Child child = Child.start(ClosingMain.class, "aeron:ipc")) {
            assertThat(child.exitStatus()).isZero();
        }
    }
}
