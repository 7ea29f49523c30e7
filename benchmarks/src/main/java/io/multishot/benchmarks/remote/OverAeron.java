package io.multishot.benchmarks.remote;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.net.DatagramSocket;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/** A contender that uses Aeron, with a media driver in this process and one client for both sides. */
public abstract class OverAeron extends RoundTrip {
    private @Nullable MediaDriver driver;
    private @Nullable Aeron aeron;

    /** For the contenders. */
    protected OverAeron() {}

    @Override
    final void open(boolean udp) throws Exception {
        MediaDriver launched = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
        driver = launched;
        Aeron connected = Aeron.connect(new Aeron.Context().aeronDirectoryName(launched.aeronDirectoryName()));
        aeron = connected;
        open(connected, channel(udp), channel(udp));
    }

    private static String channel(boolean udp) throws IOException {
        if (!udp) {
            return "aeron:ipc";
        }
        try (DatagramSocket free = new DatagramSocket()) {
            return "aeron:udp?endpoint=localhost:" + free.getLocalPort();
        }
    }

    abstract void open(Aeron client, String requests, String replies);

    @Override
    final void close() {
        closeEnds();
        CloseHelper.closeAll(aeron, driver);
    }

    abstract void closeEnds();
}
