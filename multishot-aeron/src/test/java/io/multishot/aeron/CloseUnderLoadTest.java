package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Closing while other threads are sending: a thread that wrote to Aeron's memory after it was unmapped would crash the
 * process.
 */
@Timeout(90)
class CloseUnderLoadTest {
    @Test
    @Tag("checked") // once is enough: the child process has no assertions in either run
    void closingInTheMiddleOfMessagesDoesNotCrashTheProcess() throws Exception {
        try (ChildProcess child = ChildProcess.start(CloseUnderLoadMain.class, "aeron:ipc")) {
            assertThat(child.exitStatus()).isZero();
        }
    }
}
