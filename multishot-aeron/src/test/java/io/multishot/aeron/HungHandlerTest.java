package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeron.CommonContext;
import io.multishot.Poll;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A handler that does not return is named, with its stack, and does not keep an engine from being closed. */
@Timeout(90)
@Tag("checked") // once is enough, because it takes seconds
class HungHandlerTest {
    private static final int ANOTHER_STREAM = 2;

    private final Path directory = Path.of(CommonContext.generateRandomDirName());
    private final Engine engine = Engine.embedded(directory);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch mayReturn = new CountDownLatch(1);
    private final CapturedLog log = new CapturedLog();
    private final Call<String> call = new Call<>();

    @AfterEach
    void close() {
        mayReturn.countDown();
        engine.close();
        log.close();
    }

    /** Ignores interrupts, as a handler that computes does. */
    private void hang(String request, RemoteSender<String> sender) {
        entered.countDown();
        boolean returned = false;
        while (!returned) {
            try {
                mayReturn.await();
                returned = true;
            } catch (InterruptedException ignored) {
                Thread.onSpinWait();
            }
        }
        SendResult unlessItIsOver = sender.send(request);
    }

    private Responder hanging(Engine on) {
        return Responder.builder(on, Codec.utf8(), Codec.utf8()).open(this::hang);
    }

    private Requester<String, String> requester(Engine on) throws InterruptedException {
        Requester<String, String> requester =
                Requester.builder(on, Codec.utf8(), Codec.utf8()).open();
        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
        return requester;
    }

    private void ask(Requester<String, String> requester) throws InterruptedException {
        assertThat(call.ask(requester, "hang")).isEqualTo(SendResult.ACCEPTED);
        entered.await();
    }

    @Test
    void closingEndsAndSaysWhatHangs() throws Exception {
        Responder responder = hanging(engine);
        ask(requester(engine));

        long start = System.nanoTime();
        engine.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        assertThat(log.with("cannot be closed, because its thread is in responder at aeron:ipc, stream 1"))
                .singleElement()
                .asString()
                .contains("HungHandlerTest.hang");
        assertThat(engine.isUsable()).isFalse();
        assertThat(call.receiver().poll(() -> {})).as("requests in flight end").isNotEqualTo(Poll.PENDING);
        assertThat(directory).as("what the handler may be using").exists();
        assertThat(responder.inHand()).isEqualTo(1);

        mayReturn.countDown();
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(directory).doesNotExist());
    }

    @Test
    void aHandlerThatBlocksIsInterruptedByClosing() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Responder unused = Responder.builder(engine, Codec.utf8(), Codec.utf8()).open((request, sender) -> {
            entered.countDown();
            try {
                Thread.sleep(Duration.ofHours(1).toMillis());
            } catch (InterruptedException expected) {
                interrupted.countDown();
                throw expected;
            }
        });
        ask(requester(engine));

        engine.close();

        interrupted.await();
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(directory).doesNotExist());
    }

    @Test
    void aStallIsLoggedOnceAndMakesTheEngineUnusableWhileItLasts() throws Exception {
        try (Engine stalled = Engine.connected(directory)) {
            Responder unused = hanging(stalled);
            RecordingAgent beside = new RecordingAgent();
            stalled.add(beside, stalled.aeron());
            ask(requester(engine));

            await().atMost(Duration.ofSeconds(60)).until(() -> !stalled.isUsable());
            assertThat(engine.isUsable()).isTrue();
            assertThat(log.with("has been in responder at aeron:ipc, stream 1 for a second"))
                    .singleElement()
                    .asString()
                    .contains("HungHandlerTest.hang");

            int cycles = beside.cycles.get();
            mayReturn.countDown();
            await().atMost(TIMEOUT).until(stalled::isUsable);
            await().atMost(TIMEOUT).until(() -> beside.cycles.get() > cycles);
        }
    }

    @Test
    void anIdleEngineIsNotStalled() throws Exception {
        try (Engine idle = Engine.connected(directory, BackOff.FRUGAL)) {
            Requester<String, String> unused = Requester.builder(idle, Codec.utf8(), Codec.utf8()).stream(
                            ANOTHER_STREAM)
                    .open();
            Thread.sleep(3_000);
            assertThat(idle.isUsable()).isTrue();
        }
        assertThat(log.with("for a second")).isEmpty();
    }
}
