package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that is stopped for so long that its Aeron client closes itself serves again by itself. */
@Tag("checked") // once is enough, because it takes long
class StoppedProcessTest {
    @Test
    @Timeout(200)
    void aStoppedResponderServesAgain() throws Exception {
        String channel = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
        try (Engine engine = Engine.embedded();
                ChildProcess responder = ChildProcess.start(ResponderMain.class, channel);
                Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                        .channel(channel)
                        .open();
                Call<String> during = new Call<>()) {
            assertThat(new Recovery().askUntilAnswered(requester, "before")).isEqualTo("before");
            assertThat(during.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);

            responder.freeze();
            Thread.sleep(Duration.ofSeconds(12).toMillis());
            responder.thaw();

            assertThat(new Recovery().askUntilAnswered(requester, "after")).isEqualTo("after");
            new Recovery().assertEnds(during);
            assertThat(new Recovery().askUntilAnswered(requester, "release")).isEqualTo("released 0");
        }
    }
}
