package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import java.util.List;
import org.agrona.CloseHelper;

/** Two engines, each with a media driver of its own with small logs, and UDP between them. */
final class TwoDrivers implements AutoCloseable {
    final Engine requesting;
    final Engine replying;

    private final MediaDriver requestingDriver;
    private final MediaDriver replyingDriver;

    /** Launches drivers with the settings of {@link #settings()}, or more. */
    TwoDrivers(MediaDriver.Context requestingSide, MediaDriver.Context replyingSide) {
        requestingDriver = MediaDriver.launch(requestingSide);
        replyingDriver = MediaDriver.launch(replyingSide);
        requesting = Engine.connected(Path.of(requestingDriver.aeronDirectoryName()));
        replying = Engine.connected(Path.of(replyingDriver.aeronDirectoryName()));
    }

    static MediaDriver.Context settings() {
        return new MediaDriver.Context()
                .aeronDirectoryName(CommonContext.generateRandomDirName())
                .threadingMode(ThreadingMode.SHARED)
                .publicationTermBufferLength(64 * 1024)
                .dirDeleteOnShutdown(true);
    }

    ResponderBuilder<String, String> responder(int port) {
        return Responder.builder(replying, Codec.utf8(), Codec.utf8()).channel(channel(port));
    }

    RequesterBuilder<String, String> requester(int port) {
        return Requester.builder(requesting, Codec.utf8(), Codec.utf8()).channel(channel(port));
    }

    static String channel(int port) {
        return "aeron:udp?endpoint=127.0.0.1:" + port;
    }

    /** Asks all requests of a load, and checks its account. */
    static void assertAllEnd(
            AccountedLoad load, ResponderBuilder<String, String> there, RequesterBuilder<String, String> here)
            throws InterruptedException {
        try (Responder responder = there.open(load::handle);
                Requester<String, String> requester = here.open()) {
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
            load.run(requester);
            load.assertSettled(requester, responder);
        }
    }

    List<Path> directories() {
        return List.of(Path.of(requestingDriver.aeronDirectoryName()), Path.of(replyingDriver.aeronDirectoryName()));
    }

    @Override
    public void close() {
        CloseHelper.closeAll(requesting, replying, requestingDriver, replyingDriver);
    }
}
