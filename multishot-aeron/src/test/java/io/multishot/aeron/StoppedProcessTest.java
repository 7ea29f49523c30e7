package io.multishot.aeron;

import static org.awaitility.Awaitility.await;

import io.aeron.Publication;
import io.aeron.Subscription;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that is stopped for so long that its Aeron client closes itself serves again by itself. */
@Tag("checked") // once is enough, because it takes long
class StoppedProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    @Timeout(200)
    void aStoppedProcessServesAgain() throws Exception {
        String channel = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
        String replyChannel = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
        try (Engine engine = Engine.embedded();
                ChildProcess echo = ChildProcess.start(EchoAgentMain.class, channel, replyChannel);
                Publication to = engine.aeron().addPublication(channel, EchoAgentMain.STREAM);
                Subscription from = engine.aeron().addSubscription(replyChannel, EchoAgentMain.STREAM)) {
            awaitEcho(to, from, 1);

            echo.freeze();
            Thread.sleep(Duration.ofSeconds(12).toMillis());
            echo.thaw();

            awaitEcho(to, from, 2);
        }
    }

    private static void awaitEcho(Publication to, Subscription from, int number) {
        UnsafeBuffer message = new UnsafeBuffer(new byte[Integer.BYTES]);
        message.putInt(0, number);
        boolean[] seen = new boolean[1];
        await().atMost(PATIENCE).until(() -> {
            long position = to.offer(message);
            int fragments =
                    from.poll((buffer, offset, length, header) -> seen[0] |= buffer.getInt(offset) == number, 10);
            return position > 0 && fragments > 0 && seen[0];
        });
    }
}
