package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
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
 * Processes that are killed or frozen without a bye. Aeron takes ten seconds to notice, so all of them go at once, to
 * wait only once.
 */
@Tag("checked")
@Timeout(90)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KilledOrFrozenProcessTest {
    private static final String IPC = "aeron:ipc";
    private static final Duration NOTICE_TIMEOUT = Duration.ofSeconds(30);

    private static final List<AutoCloseable> TO_CLOSE = new ArrayList<>();
    private static FrozenResponder frozen;
    private static KilledDriver killedDriver;
    private static KilledRequester overUdp;
    private static KilledRequester overIpc;

    @BeforeAll
    static void killAndFreezeAllAtOnce() throws Exception {
        frozen = new FrozenResponder();
        killedDriver = new KilledDriver();
        overUdp = new KilledRequester(Engine.embedded(), "aeron:udp?endpoint=localhost:" + ChildProcess.freePort());
        Path directory = Path.of(CommonContext.generateRandomDirName());
        overIpc = new KilledRequester(Engine.embedded(directory), IPC, directory.toString());
        frozen.begin();
        killedDriver.begin();
        overUdp.begin();
        overIpc.begin();
    }

    @AfterAll
    static void close() throws Exception {
        for (int i = TO_CLOSE.size() - 1; i >= 0; i--) {
            TO_CLOSE.get(i).close();
        }
    }

    private static <T extends AutoCloseable> T closeLater(T resource) {
        TO_CLOSE.add(resource);
        return resource;
    }

    private static Requester<String, String> connected(Engine engine, String channel, Duration peerTimeout)
            throws InterruptedException {
        Requester<String, String> requester = Requester.builder(engine, Codec.utf8(), Codec.utf8())
                .channel(channel)
                .peerTimeout(peerTimeout)
                .open();
        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
        return requester;
    }

    /** A responder that is frozen for almost as long as Aeron allows, and then continues. */
    private static final class FrozenResponder {
        private final Call<String> before = new Call<>();
        private final Call<String> during = new Call<>();
        private final ChildProcess responder;
        private final Requester<String, String> requester;
        private long start;

        FrozenResponder() throws IOException, InterruptedException {
            String channel = "aeron:udp?endpoint=localhost:" + ChildProcess.freePort();
            Engine engine = closeLater(Engine.embedded());
            responder = closeLater(ChildProcess.start(ResponderMain.class, channel));
            requester = connected(engine, channel, Duration.ofMinutes(1));
            assertThat(before.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
            assertThat(new Recovery().askUntilAnswered(requester, "hello")).isEqualTo("hello");
        }

        void begin() throws IOException, InterruptedException {
            start = System.nanoTime();
            responder.freeze();
            assertThat(during.ask(requester, "while it is frozen")).isEqualTo(SendResult.ACCEPTED);
        }

        void end() throws IOException, InterruptedException {
            long left = Duration.ofSeconds(7).toNanos() - (System.nanoTime() - start);
            TimeUnit.NANOSECONDS.sleep(left);
            responder.thaw();
        }
    }

    @Test
    @Order(1) // so that the responder is not frozen for longer
    void requestsEndWhenTheFrozenResponderContinues() throws Exception {
        frozen.end();

        Recovery recovery = new Recovery();
        assertThat(recovery.askUntilAnswered(frozen.requester, "release")).startsWith("released");
        recovery.assertEnds(frozen.during);
        recovery.assertEnds(frozen.before);
    }

    @Test
    @Order(2)
    void newRequestsWorkAfterTheFrozenResponderContinues() throws Exception {
        assertThat(new Recovery().askUntilAnswered(frozen.requester, "again")).isEqualTo("again");
    }

    /** The driver of both sides is in the responder's process, and the requester has the longest peer timeout. */
    private static final class KilledDriver {
        private final List<Call<String>> calls = List.of(new Call<>(), new Call<>(), new Call<>());
        private final ChildProcess withDriver;
        private final Engine engine;
        private final Requester<String, String> requester;
        private Recovery recovery;

        KilledDriver() throws IOException, InterruptedException {
            withDriver = closeLater(ChildProcess.start(ResponderMain.class, IPC));
            engine = closeLater(Engine.connected(withDriver.ownDriver()));
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
        for (Call<String> each : killedDriver.calls) {
            killedDriver.recovery.assertEnds(each);
        }
        await().atMost(NOTICE_TIMEOUT).until(() -> !killedDriver.engine.isUsable());
        await().untilAsserted(() -> assertThatThrownBy(
                        () -> killedDriver.calls.get(0).ask(killedDriver.requester, "?"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("make a new engine"));
    }

    /** The responder's capacity is in use, so it receives nothing further from the requester, such as a bye. */
    private static final class KilledRequester {
        private final BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
        private final ChildProcess requester;

        KilledRequester(Engine engine, String channel, String... driver) throws IOException {
            Responder responder = Responder.builder(closeLater(engine), Codec.utf8(), Codec.utf8())
                    .channel(channel)
                    .capacity(2)
                    .open((request, sender) -> kept.add(sender));
            requester = closeLater(ChildProcess.start(RequesterMain.class, channel, driver));
            await().untilAsserted(() -> assertThat(kept).hasSize(2));
            assertThat(responder.inHand()).isEqualTo(2);
        }

        void begin() throws InterruptedException {
            assertThat(kept).hasSize(2).noneMatch(RemoteSender::isAbandoned);
            requester.kill();
        }

        void assertNoticed() {
            await().atMost(NOTICE_TIMEOUT).untilAsserted(() -> assertThat(kept).allMatch(RemoteSender::isAbandoned));
        }
    }

    @Test
    void requestsOfAKilledRequesterAreAbandonedOverUdp() {
        overUdp.assertNoticed();
    }

    @Test
    void requestsOfAKilledRequesterAreAbandonedOverSharedMemory() {
        overIpc.assertNoticed();
    }
}
