package io.multishot.aeron;

import static io.multishot.aeron.Wire.NARROW;
import static io.multishot.aeron.Wire.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import io.multishot.Poll;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What cannot be sent now, or ever: the caller is told, and nothing is lost or left behind. */
@Timeout(60)
class RefusalTest {
    private final Wire wire = new Wire();
    private final Call<String> call = new Call<>();

    @AfterEach
    void close() {
        wire.close();
    }

    private void isRefused(Asker<String, String> asker, String request, Offer how) {
        int before = asker.inFlight();
        assertThat(call.ask(asker, request)).isEqualTo(how);
        assertThat(asker.inFlight()).isEqualTo(before);
        assertThat(call.receiver().poll(() -> {})).isEqualTo(Poll.DROPPED);
    }

    private void works(Asker<String, String> asker) throws Exception {
        assertThat(call.ask(asker, "still")).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).isEqualTo("still");
    }

    @Test
    void withoutAnAnswererThereIsNobodyToAsk() throws Exception {
        Asker<String, String> asker = wire.asker().open();

        isRefused(asker, "anybody?", Offer.NOT_CONNECTED);
        assertThat(asker.awaitConnected(Duration.ofMillis(50))).isFalse();

        Answerer unused = wire.answerer().open(Wire::echo);
        assertThat(asker.awaitConnected(PATIENCE)).isTrue();
        works(asker);
    }

    @Test
    void noMoreAreInFlightThanTheAskerWasMadeFor() throws Exception {
        BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
        Answerer unused = wire.answerer().open((request, sender) -> kept.add(sender));
        Asker<String, String> asker = wire.connected(wire.asker().capacity(1));
        Call<String> first = new Call<>();
        assertThat(first.ask(asker, "first")).isEqualTo(Offer.ACCEPTED);

        isRefused(asker, "second", Offer.FULL);

        assertThat(kept.take().send("one")).isEqualTo(Offer.ACCEPTED);
        assertThat(first.receive(PATIENCE)).isEqualTo("one");
        assertThat(call.ask(asker, "second")).isEqualTo(Offer.ACCEPTED);
    }

    @Test
    void anAnswererThatIsBusyLetsTheAskerKnowAndLosesNothing() throws Exception {
        BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
        Answerer answerer = wire.answerer().channel(NARROW).capacity(2).open((request, sender) -> kept.add(sender));
        Asker<String, String> asker =
                wire.connected(wire.asker().channel(NARROW).capacity(1_000));
        String request = "x".repeat(1_000);

        List<Call<String>> accepted = new ArrayList<>();
        Call<String> next = new Call<>();
        Offer offer;
        while ((offer = next.ask(asker, request)) == Offer.ACCEPTED) {
            accepted.add(next);
            next = new Call<>();
        }

        assertThat(offer).isEqualTo(Offer.BACK_PRESSURED);
        assertThat(accepted).hasSizeGreaterThan(2);
        assertThat(asker.inFlight()).isEqualTo(accepted.size());
        await().untilAsserted(() -> assertThat(answerer.inHand()).isEqualTo(2));

        for (int i = 0; i < accepted.size(); i++) {
            assertThat(kept.take().send("y")).isEqualTo(Offer.ACCEPTED);
        }
        for (Call<String> each : accepted) {
            assertThat(each.receive(PATIENCE)).isEqualTo("y");
        }
        assertThat(kept).isEmpty();
        await().untilAsserted(() -> assertThat(next(asker, request)).isEqualTo(Offer.ACCEPTED));
    }

    private Offer next(Asker<String, String> asker, String request) {
        return call.ask(asker, request);
    }

    @Test
    void anAskerThatIsBusyLetsTheAnswererKnowAndLosesNothing() throws Exception {
        CompletableFuture<Void> blocked = new CompletableFuture<>();
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        BlockingQueue<RemoteSender<String>> kept = new LinkedBlockingQueue<>();
        try (Engine answering = Engine.of(wire.engine.aeron())) {
            Answerer unused =
                    Answerer.builder(answering, Codec.utf8(), Codec.utf8()).open((request, sender) -> kept.add(sender));
            Asker<String, String> asker =
                    wire.connected(wire.asker().replyChannel(NARROW).peerTimeout(PATIENCE));
            List<Call<String>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Call<String> each = new Call<>();
                calls.add(each);
                assertThat(each.ask(asker, "?")).isEqualTo(Offer.ACCEPTED);
            }
            // a waker that holds up the asker's engine
            assertThat(calls.get(0).receiver().poll(() -> {
                        blocked.complete(null);
                        goOn.join();
                    }))
                    .isEqualTo(Poll.PENDING);
            assertThat(kept.take().send("first")).isEqualTo(Offer.ACCEPTED);
            blocked.get();

            String reply = "z".repeat(1_000);
            RemoteSender<String> refused = null;
            int left = 199;
            while (left > 0 && refused == null) {
                RemoteSender<String> sender = kept.take();
                left--;
                Offer offer = sender.send(reply);
                if (offer != Offer.ACCEPTED) {
                    assertThat(offer).isEqualTo(Offer.BACK_PRESSURED);
                    refused = sender;
                }
            }

            assertThat(refused).isNotNull();
            goOn.complete(null);
            Wire.answer(Objects.requireNonNull(refused), reply);
            for (; left > 0; left--) {
                Wire.answer(kept.take(), reply);
            }
            for (Call<String> each : calls) {
                assertThat(each.receive(PATIENCE)).isNotNull();
            }
        }
    }

    @Test
    void aRequestThatIsTooLargeIsRefusedBeforeAnythingIsSent() throws Exception {
        Answerer unused = wire.answerer().channel(NARROW).open(Wire::echo);
        Asker<String, String> asker = wire.connected(wire.asker().channel(NARROW));
        int most = 8 * 1024 - Frame.HEADER_LENGTH;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> call.ask(asker, "x".repeat(most + 1)))
                .withMessageContaining(most + 1 + " bytes")
                .withMessageContaining("at most " + most);

        assertThat(asker.inFlight()).isZero();
        assertThat(call.ask(asker, "x".repeat(most))).isEqualTo(Offer.ACCEPTED);
        assertThat(call.receive(PATIENCE)).hasSize(most);
    }

    @Test
    void aReplyThatIsTooLargeIsRefusedAndTheSenderIsStillGood() throws Exception {
        CompletableFuture<RemoteSender<String>> kept = new CompletableFuture<>();
        Answerer unused = wire.answerer().open((request, sender) -> kept.complete(sender));
        Asker<String, String> asker = wire.connected(wire.asker().replyChannel(NARROW));
        assertThat(call.ask(asker, "?")).isEqualTo(Offer.ACCEPTED);
        RemoteSender<String> sender = kept.get();

        assertThatIllegalArgumentException().isThrownBy(() -> sender.send("x".repeat(9_000)));

        assertThat(sender.fail(new IllegalStateException("x".repeat(9_000)))).isEqualTo(Offer.ACCEPTED);
        assertThatExceptionOfType(SenderFailedException.class)
                .isThrownBy(() -> call.receive(PATIENCE))
                .havingCause()
                .withMessageStartingWith("java.lang.IllegalStateException: xxx");
    }

    @Test
    void nothingIsSentOfWhatTheEncoderThrowsAt() throws Exception {
        Answerer unused = wire.answerer().open(Wire::echo);
        Encoder<String> picky = new Encoder<>() {
            @Override
            public int length(String message) {
                return message.equals("negative") ? -1 : Codec.utf8().length(message);
            }

            @Override
            public void encode(String message, MutableDirectBuffer buffer, int offset) {
                String written = message.equals("short") ? "longer than was said" : message;
                Codec.utf8().encode(written, buffer, offset);
                if (message.startsWith("bad")) {
                    throw new UnsupportedOperationException(message);
                }
            }
        };
        Asker<String, String> asker =
                Asker.builder(wire.engine, picky, Codec.utf8()).open();
        assertThat(asker.awaitConnected(PATIENCE)).isTrue();

        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> call.ask(asker, "bad"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> call.ask(asker, "bad" + "x".repeat(5_000)));
        assertThatIllegalArgumentException().isThrownBy(() -> call.ask(asker, "negative"));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> call.ask(asker, "short"));
        assertThatNullPointerException().isThrownBy(() -> call.ask(asker, null));

        assertThat(asker.inFlight()).isZero();
        works(asker);
    }
}
