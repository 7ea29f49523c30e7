package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What is closed while others use it: Aeron's memory is unmapped then, and whoever still writes there ends the process.
 */
@Timeout(90)
class CloseUnderLoadTest {
    @Test
    @Tag("checked") // its own process has no assertions
    void theProcessSurvivesWhenAllIsClosedInTheMiddleOfMessages() throws Exception {
        try (ChildProcess child = ChildProcess.start(CloseUnderLoadMain.class, "aeron:ipc")) {
            assertThat(child.exitStatus()).isZero();
        }
    }
}
