package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A nap of the driver's thread that would not end within the test, unless a datagram arrives or somebody wakes it. */
@Timeout(60)
class DriverSocketsTest {
    private static final long FOREVER_NANOS = TimeUnit.DAYS.toNanos(1);

    @Test
    void aDatagramEndsTheNap() throws Exception {
        try (DriverSockets sockets = new DriverSockets();
                DatagramChannel receiving = DatagramChannel.open();
                DatagramSocket sending = new DatagramSocket()) {
            receiving.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            receiving.configureBlocking(false);
            sockets.register(receiving);
            Thread napping = new Thread(() -> sockets.sleep(FOREVER_NANOS));
            napping.start();
            napping.join(100);
            assertThat(napping.isAlive()).isTrue();

            sending.send(new DatagramPacket(new byte[1], 1, receiving.getLocalAddress()));

            napping.join(TIMEOUT.toMillis());
            assertThat(napping.isAlive()).isFalse();
        }
    }

    @Test
    void wakingEndsTheNap() throws Exception {
        try (DriverSockets sockets = new DriverSockets()) {
            Thread napping = new Thread(() -> sockets.sleep(FOREVER_NANOS));
            napping.start();
            napping.join(100);
            assertThat(napping.isAlive()).isTrue();
            sockets.end();
            napping.join(TIMEOUT.toMillis());
            assertThat(napping.isAlive()).isFalse();
        }
    }

    @Test
    void aClosedSocketFreesItsPortAtOnce() throws Exception {
        int port = ChildProcess.freePort();
        String channel = "aeron:udp?endpoint=localhost:" + port;
        try (Engine engine = Engine.embedded()) {
            for (int i = 0; i < 20; i++) {
                Subscription subscription = DriverRegistration.addSubscription(engine.aeron(), channel, 1, image -> {});
                subscription.close();
            }
        }
        try (DatagramSocket again = new DatagramSocket(port)) {
            assertThat(again.getLocalPort()).isEqualTo(port);
        }
    }

    @Test
    void theDriverRegistersTheSocketsOfSubscriptionsAndPublications() throws Exception {
        try (DriverSockets sockets = new DriverSockets();
                DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            MediaDriver.Context context = new MediaDriver.Context()
                    .aeronDirectoryName(CommonContext.generateRandomDirName())
                    .threadingMode(ThreadingMode.INVOKER) // so that it reads nothing between the calls
                    .dirDeleteOnShutdown(true);
            sockets.watch(context);
            int port = ChildProcess.freePort();
            try (MediaDriver driver = MediaDriver.launch(context);
                    Aeron aeron = Aeron.connect(new Aeron.Context()
                            .aeronDirectoryName(driver.aeronDirectoryName())
                            .useConductorAgentInvoker(true)
                            .driverAgentInvoker(driver.sharedAgentInvoker()))) {
                Subscription subscription = aeron.addSubscription("aeron:udp?endpoint=127.0.0.1:" + port, 1);
                peer.send(new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), port));
                sockets.sleep(FOREVER_NANOS);
                subscription.close();

                Publication publication =
                        aeron.addPublication("aeron:udp?endpoint=127.0.0.1:" + peer.getLocalPort(), 1);
                peer.setSoTimeout((int) TIMEOUT.toMillis());
                DatagramPacket setup = new DatagramPacket(new byte[1500], 1500);
                while (setup.getLength() == 1500) {
                    int unused = ClientKeeper.invoke(aeron);
                    peer.receive(setup);
                }
                peer.send(new DatagramPacket(new byte[1], 1, setup.getSocketAddress()));
                sockets.sleep(FOREVER_NANOS);
                publication.close();
            }
        }
    }
}
