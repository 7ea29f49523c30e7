package io.multishot.aeron;

import static io.multishot.aeron.Wire.PATIENCE;
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

/** What shares a directory, an engine, or an answerer does not get into each other's way. */
@Timeout(60)
class NeighboursTest {
    private static void works(Asker<String, String> asker) throws Exception {
        try (Call<String> call = new Call<>()) {
            assertThat(call.ask(asker, "still")).isEqualTo(Offer.ACCEPTED);
            assertThat(call.receive(PATIENCE)).isEqualTo("still");
        }
    }

    @Test
    void aDirectoryHasOneDriver() throws Exception {
        Path directory = Path.of(CommonContext.generateRandomDirName());
        try (Engine first = Engine.embedded(directory);
                Answerer unused =
                        Answerer.builder(first, Codec.utf8(), Codec.utf8()).open(Wire::echo);
                Asker<String, String> asker =
                        Asker.builder(first, Codec.utf8(), Codec.utf8()).open()) {
            assertThat(asker.awaitConnected(PATIENCE)).isTrue();

            assertThatThrownBy(() -> Engine.embedded(directory).close()).isInstanceOf(AeronException.class);

            works(asker);
            try (Asker<String, String> later =
                    Asker.builder(first, Codec.utf8(), Codec.utf8()).open()) {
                assertThat(later.awaitConnected(PATIENCE)).isTrue();
                works(later);
            }
        }
    }

    @Test
    void anAskerThatClosesIsMissedThoughAnotherOneHasTheSameChannel() throws Exception {
        try (Wire wire = new Wire()) {
            Answerer answerer = wire.answerer().open(Wire::echo);
            Asker<String, String> staying = wire.connected();
            Asker<String, String> going = wire.connected();
            await().untilAsserted(() -> assertThat(answerer.askers()).isEqualTo(2));

            going.close();

            await().untilAsserted(() -> assertThat(answerer.askers()).isEqualTo(1));
            works(staying);
        }
    }

    /**
     * An answerer that takes a millisecond for each of many requests is still heard by an asker that allows it little
     * silence.
     */
    @Test
    @Tag("checked") // so that it takes its three seconds once only
    void anAnswererWithMuchToDoIsHeardByAllItsAskers() throws Exception {
        try (Wire wire = new Wire();
                Engine busy = Engine.of(wire.engine.aeron());
                Engine patient = Engine.of(wire.engine.aeron())) {
            BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
            Answerer unused = wire.answerer().open((request, sender) -> {
                if (request.equals("keep")) {
                    kept.add(sender);
                    return;
                }
                long start = System.nanoTime();
                while (System.nanoTime() - start < 1_000_000) {
                    Thread.onSpinWait();
                }
                Offer unlessItIsOver = AnswererMain.tell(sender, request);
            });
            Asker<String, String> one = Asker.builder(patient, Codec.utf8(), Codec.utf8())
                    .peerTimeout(Duration.ofSeconds(1))
                    .open();
            Asker<String, String> many =
                    Asker.builder(busy, Codec.utf8(), Codec.utf8()).open();
            assertThat(one.awaitConnected(PATIENCE)).isTrue();
            assertThat(many.awaitConnected(PATIENCE)).isTrue();
            Call<String> waiting = new Call<>();
            assertThat(waiting.ask(one, "keep")).isEqualTo(Offer.ACCEPTED);
            RemoteSender<String> sender = kept.take();

            List<Call<String>> load =
                    Stream.generate(Call<String>::new).limit(500).toList();
            long start = System.nanoTime();
            while (System.nanoTime() - start < Duration.ofSeconds(3).toNanos()) {
                for (Call<String> each : load) {
                    if (each.receiver().poll(() -> {}) != Poll.PENDING) {
                        Offer offer = each.ask(many, "work");
                        assertThat(offer).isIn(Offer.ACCEPTED, Offer.BACK_PRESSURED);
                    }
                }
                assertThat(waiting.receiver().poll(() -> {})).isEqualTo(Poll.PENDING);
                Thread.sleep(1);
            }

            assertThat(one.isConnected()).isTrue();
            assertThat(sender.send("at last")).isEqualTo(Offer.ACCEPTED);
            assertThat(waiting.receive(PATIENCE)).isEqualTo("at last");
        }
    }
}
