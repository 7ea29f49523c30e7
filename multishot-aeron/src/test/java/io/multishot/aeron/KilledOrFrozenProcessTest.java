package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeron.CommonContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * Processes that go, or stop, without a word: Aeron takes ten seconds to notice. All do so at once, to wait for that
 * once only.
 */
@Tag("checked")
@Timeout(90)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KilledOrFrozenProcessTest {
    private static final String IPC = "aeron:ipc";
    private static final Duration NOTICED = Duration.ofSeconds(30);

    private static final List<AutoCloseable> TO_CLOSE = new ArrayList<>();
    private static Frozen frozen;
    private static DriverKilled driverKilled;
    private static RequesterKilled overUdp;
    private static RequesterKilled overIpc;

    @BeforeAll
    static void goAllAtOnce() throws Exception {
        frozen = new Frozen();
        driverKilled = new DriverKilled();
        overUdp = new RequesterKilled(Engine.embedded(), "aeron:udp?endpoint=localhost:" + ChildProcess.freePort());
        Path directory = Path.of(CommonContext.generateRandomDirName());
        overIpc = new RequesterKilled(Engine.embedded(directory), IPC, directory.toString());
        frozen.begin();
        driverKilled.begin();
        overUdp.begin();
        overIpc.begin();
    }

    @AfterAll
    static void close() throws Exception {
        for (int i = TO_CLOSE.size() - 1; i >= 0; i--) {
            TO_CLOSE.get(i).close();
        }
    }

    private static <T extends AutoCloseable> T closed(T later) {
        TO_CLOSE.add(later);
        return later;
    }

    private static Requester<String, String> connected(Engine engine, String channel, Duration peerTimeout)
            throws InterruptedException {
        Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                .channel(channel)
                .peerTimeout(peerTimeout)
                .open();
        assertThat(requester.awaitConnected(PATIENCE)).isTrue();
        return requester;
    }

    /** A responder that is held up for almost as long as Aeron allows, and then goes on as if nothing had been. */
    private static final class Frozen {
        private final Call<String> before = new Call<>();
        private final Call<String> during = new Call<>();
        private final ChildProcess responder;
        private final Requester<String, String> requester;
        private long start;

        Frozen() throws IOException, InterruptedException {
            String channel = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
            Engine engine = closed(Engine.embedded());
            responder = closed(ChildProcess.start(ResponderMain.class, channel));
            requester = connected(engine, channel, Duration.ofMinutes(1));
            assertThat(before.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
            assertThat(new Recovery().answered(requester, "hello")).isEqualTo("hello");
        }

        void begin() throws IOException, InterruptedException {
            start = System.nanoTime();
            responder.freeze();
            assertThat(during.ask(requester, "in its sleep")).isEqualTo(SendResult.ACCEPTED);
        }

        void end() throws IOException, InterruptedException {
            long left = Duration.ofSeconds(7).toNanos() - (System.nanoTime() - start);
            TimeUnit.NANOSECONDS.sleep(left);
            responder.thaw();
        }
    }

    @Test
    @Order(1) // so that it does not sleep for longer
    void requestsEndWhenTheResponderWakesUp() throws Exception {
        frozen.end();

        Recovery recovery = new Recovery();
        assertThat(recovery.answered(frozen.requester, "release")).startsWith("released");
        recovery.ends(frozen.during);
        recovery.ends(frozen.before);
    }

    @Test
    @Order(2)
    void andNewOnesWork() throws Exception {
        assertThat(new Recovery().answered(frozen.requester, "again")).isEqualTo("again");
    }

    /** The responder's process has the driver of both, and the requester is as patient as can be. */
    private static final class DriverKilled {
        private final List<Call<String>> calls = List.of(new Call<>(), new Call<>(), new Call<>());
        private final ChildProcess withDriver;
        private final Engine engine;
        private final Requester<String, String> requester;
        private Recovery recovery;

        DriverKilled() throws IOException, InterruptedException {
            withDriver = closed(ChildProcess.start(ResponderMain.class, IPC));
            engine = closed(Engine.connected(withDriver.ownDriver()));
            requester = connected(engine, IPC, Duration.ofHours(1));
            for (Call<String> each : calls) {
                assertThat(each.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
            }
        }

        void begin() throws InterruptedException {
            assertThat(engine.isUsable()).isTrue();
            withDriver.kill();
            recovery = new Recovery();
        }
    }

    @Test
    void requestsEndWhenTheDriverIsKilledHoweverLongThePeerTimeout() throws InterruptedException {
        for (Call<String> each : driverKilled.calls) {
            driverKilled.recovery.ends(each);
        }
        await().atMost(NOTICED).until(() -> !driverKilled.engine.isUsable());
        await().untilAsserted(
                        () -> assertThatThrownBy(() -> driverKilled.calls.get(0).ask(driverKilled.requester, "?"))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("make a new engine"));
    }

    /** The responder has all it can hold, so it takes in nothing, and does not see what comes behind. */
    private static final class RequesterKilled {
        private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
        private final ChildProcess requester;

        RequesterKilled(Engine engine, String channel, String... driver) throws IOException {
            Responder responder = Responder.builder(closed(engine), Codec.utf8(), Codec.utf8())
                    .channel(channel)
                    .capacity(2)
                    .open((request, sender) -> kept.add(sender));
            requester = closed(ChildProcess.start(RequesterMain.class, channel, driver));
            await().untilAsserted(() -> assertThat(kept).hasSize(2));
            assertThat(responder.inHand()).isEqualTo(2);
        }

        void begin() throws InterruptedException {
            assertThat(kept).hasSize(2).noneMatch(RemoteSender::isAbandoned);
            requester.kill();
        }

        void isNoticed() {
            await().atMost(NOTICED).untilAsserted(() -> assertThat(kept).allMatch(RemoteSender::isAbandoned));
        }
    }

    @Test
    void requestsOfAKilledRequesterAreAbandonedThoughMoreOfThemWait() {
        overUdp.isNoticed();
    }

    @Test
    void andSoAreTheyOverSharedMemory() {
        overIpc.isNoticed();
    }
}
