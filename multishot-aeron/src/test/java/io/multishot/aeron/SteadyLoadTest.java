package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.LINUX;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;

/** What a process uses does not grow with the number of requests, requesters and responders that it has had. */
class SteadyLoadTest {
    private static final String SECONDS = String.valueOf(Integer.getInteger("multishot.steadySeconds", 300));

    @Test
    @Tag("deep")
    @Tag("unchecked") // once is enough: the child process has no assertions in either run
    @EnabledOnOs(LINUX) // has /proc
    void aSteadyLoadLivesInASmallHeapAndNothingGrows() throws Exception {
        List<String> smallHeap = List.of("env", "JDK_JAVA_OPTIONS=-Xmx64m");
        try (ChildProcess child = ChildProcess.start(smallHeap, SteadyLoadMain.class, "", SECONDS)) {
            assertThat(child.exitStatus()).isZero();
        }
    }
}
