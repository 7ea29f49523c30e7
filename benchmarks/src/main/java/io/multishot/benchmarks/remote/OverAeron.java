package io.multishot.benchmarks.remote;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.util.concurrent.ThreadLocalRandom;
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
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_768); // the system chooses from higher ones
            try (DatagramSocket free = new DatagramSocket(port)) {
                return "aeron:udp?endpoint=localhost:" + free.getLocalPort();
            } catch (BindException taken) {
                // another one, then
            }
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
