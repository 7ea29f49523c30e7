package io.multishot.aeron;

import static io.multishot.aeron.EngineFixture.PATIENCE;
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

/** What shares a directory, an engine, or a responder does not get into each other's way. */
@Timeout(60)
class IsolationTest {
    private static void works(Requester<String, String> requester) throws Exception {
        try (Call<String> call = new Call<>()) {
            assertThat(call.ask(requester, "still")).isEqualTo(SendResult.ACCEPTED);
            assertThat(call.receive(PATIENCE)).isEqualTo("still");
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
            assertThat(requester.awaitConnected(PATIENCE)).isTrue();

            assertThatThrownBy(() -> Engine.embedded(directory).close()).isInstanceOf(AeronException.class);

            works(requester);
            try (Requester<String, String> later =
                    Requester.builder(first, Codec.utf8(), Codec.utf8()).open()) {
                assertThat(later.awaitConnected(PATIENCE)).isTrue();
                works(later);
            }
        }
    }

    @Test
    void aRequesterThatClosesIsMissedThoughAnotherOneHasTheSameChannel() throws Exception {
        try (EngineFixture fixture = new EngineFixture()) {
            Responder responder = fixture.responder().open(EngineFixture::echo);
            Requester<String, String> staying = fixture.connected();
            Requester<String, String> going = fixture.connected();
            await().untilAsserted(() -> assertThat(responder.requesters()).isEqualTo(2));

            going.close();

            await().untilAsserted(() -> assertThat(responder.requesters()).isEqualTo(1));
            works(staying);
        }
    }

    /**
     * A responder that takes a millisecond for each of many requests is still heard by a requester that allows it
     * little silence.
     */
    @Test
    @Tag("checked") // so that it takes its three seconds once only
    void aResponderWithMuchToDoIsHeardByAllItsRequesters() throws Exception {
        try (EngineFixture fixture = new EngineFixture();
                Engine busy = Engine.of(fixture.engine.aeron());
                Engine patient = Engine.of(fixture.engine.aeron())) {
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
                SendResult unlessItIsOver = ResponderMain.tell(sender, request);
            });
            Requester<String, String> one = Requester.builder(patient, Codec.utf8(), Codec.utf8())
                    .peerTimeout(Duration.ofSeconds(1))
                    .open();
            Requester<String, String> many =
                    Requester.builder(busy, Codec.utf8(), Codec.utf8()).open();
            assertThat(one.awaitConnected(PATIENCE)).isTrue();
            assertThat(many.awaitConnected(PATIENCE)).isTrue();
            Call<String> waiting = new Call<>();
            assertThat(waiting.ask(one, "keep")).isEqualTo(SendResult.ACCEPTED);
            RemoteSender<String> sender = kept.take();

            List<Call<String>> load =
                    Stream.generate(Call<String>::new).limit(500).toList();
            long start = System.nanoTime();
            while (System.nanoTime() - start < Duration.ofSeconds(3).toNanos()) {
                for (Call<String> each : load) {
                    if (each.receiver().poll(() -> {}) != Poll.PENDING) {
                        SendResult offer = each.ask(many, "work");
                        assertThat(offer).isIn(SendResult.ACCEPTED, SendResult.BACK_PRESSURED);
                    }
                }
                assertThat(waiting.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);
                Thread.sleep(1);
            }

            assertThat(one.isConnected()).isTrue();
            assertThat(sender.send("at last")).isEqualTo(SendResult.ACCEPTED);
            assertThat(waiting.receive(PATIENCE)).isEqualTo("at last");
        }
    }
}
