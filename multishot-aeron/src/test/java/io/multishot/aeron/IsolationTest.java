package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeron.CommonContext;
import io.aeron.exceptions.AeronException;
import io.multishot.Poll;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users of one directory, one engine or one responder do not affect each other. */
@Timeout(60)
class IsolationTest {
    private static void assertWorks(Requester<String, String> requester) throws Exception {
        try (Call<String> call = new Call<>()) {
            assertThat(call.ask(requester, "still")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(TIMEOUT)).isEqualTo("still");
        }
    }

    @Test
    void aDirectoryHasOneDriver() throws Exception {
        Path directory = Path.of(CommonContext.generateRandomDirName());
        try (Engine first = Engine.embedded(directory);
                Responder unused =
                        Responder.builder(first, Codec.utf8(), Codec.utf8()).open(EngineFixture::echo);
                Requester<String, String> requester =
                        Requester.builder(first, Codec.utf8(), Codec.utf8()).open()) {
            assertThat(requester.awaitConnected(TIMEOUT)).isTrue();

            assertThatThrownBy(() -> Engine.embedded(directory).close()).isInstanceOf(AeronException.class);

            assertWorks(requester);
            try (Requester<String, String> later =
                    Requester.builder(first, Codec.utf8(), Codec.utf8()).open()) {
                assertThat(later.awaitConnected(TIMEOUT)).isTrue();
                assertWorks(later);
            }
        }
    }

    @Test
    void aClosedRequesterIsNoticedThoughAnotherOneHasTheSameChannel() throws Exception {
        try (EngineFixture fixture = new EngineFixture()) {
            Responder responder = fixture.responder().open(EngineFixture::echo);
            Requester<String, String> staying = fixture.connected();
            Requester<String, String> leaving = fixture.connected();
            await().untilAsserted(() -> assertThat(responder.requesters()).isEqualTo(2));

            leaving.close();

            await().untilAsserted(() -> assertThat(responder.requesters()).isEqualTo(1));
            assertWorks(staying);
        }
    }

    /**
     * A responder that spends a millisecond on each of many requests still sends its heartbeats in time for a requester
     * with a short peer timeout.
     */
    @Test
    @Tag("checked") // once is enough, because it takes three seconds
    void aBusyResponderIsHeardByAllItsRequesters() throws Exception {
        try (EngineFixture fixture = new EngineFixture();
                Engine busy = Engine.of(fixture.engine.aeron());
                Engine idle = Engine.of(fixture.engine.aeron())) {
            BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
            Responder unused = fixture.responder().open((request, sender) -> {
                if (request.equals("keep")) {
                    kept.add(sender);
                    return;
                }
                long start = System.nanoTime();
                while (System.nanoTime() - start < 1_000_000) {
                    Thread.onSpinWait();
                }
                SendResult unlessItIsOver = ResponderMain.trySend(sender, request);
            });
            Requester<String, String> one = Requester.builder(idle, Codec.utf8(), Codec.utf8())
                    .peerTimeout(Duration.ofSeconds(1))
                    .open();
            Requester<String, String> many =
                    Requester.builder(busy, Codec.utf8(), Codec.utf8()).open();
            assertThat(one.awaitConnected(TIMEOUT)).isTrue();
            assertThat(many.awaitConnected(TIMEOUT)).isTrue();
            Call<String> waiting = new Call<>();
            assertThat(waiting.ask(one, "keep")).isEqualTo(SendResult.ACCEPTED);
            RemoteSender<String> sender = kept.take();

            List<Call<String>> load =
                    Stream.generate(Call<String>::new).limit(500).toList();
            long start = System.nanoTime();
            while (System.nanoTime() - start < Duration.ofSeconds(3).toNanos()) {
                for (Call<String> each : load) {
                    if (each.receiver().poll(() -> {}) != Poll.PENDING) {
                        SendResult result = each.ask(many, "work");
                        assertThat(result).isIn(SendResult.ACCEPTED, SendResult.BACK_PRESSURED);
                    }
                }
                assertThat(waiting.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);
                Thread.sleep(1);
            }

            assertThat(one.isConnected()).isTrue();
            assertThat(sender.send("at last")).isEqualTo(SendResult.ACCEPTED);
            assertThat(waiting.receive(TIMEOUT)).isEqualTo("at last");
        }
    }
}
