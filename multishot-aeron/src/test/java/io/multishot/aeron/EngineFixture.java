package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** An engine, and a requester and a responder on it, in this process. */
final class EngineFixture implements AutoCloseable {
    /** Longer than anything takes that does not hang. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** For channels whose messages are small, so that little fills them. */
    static final String NARROW = "aeron:ipc?term-length=64k";

    final Engine engine = Engine.embedded();

    RequesterBuilder<String, String> requester() {
        return Requester.builder(engine, Codec.utf8(), Codec.utf8());
    }

    ResponderBuilder<String, String> responder() {
        return Responder.builder(engine, Codec.utf8(), Codec.utf8());
    }

    /** A requester that has found its responder. */
    Requester<String, String> connected() throws InterruptedException {
        return connected(requester());
    }

    Requester<String, String> connected(RequesterBuilder<String, String> settings) throws InterruptedException {
        Requester<String, String> requester = settings.open();
        assertThat(requester.awaitConnected(PATIENCE)).isTrue();
        return requester;
    }

    /** Answers each request with itself. */
    static void echo(String request, RemoteSender<String> sender) {
        assertThat(sender.send(request)).isEqualTo(SendResult.ACCEPTED);
    }

    /** Answers, as soon as there is room for it. */
    static void answer(RemoteSender<String> sender, String reply) {
        SendResult offer;
        while ((offer = sender.send(reply)) == SendResult.BACK_PRESSURED) {
            Thread.onSpinWait();
        }
        assertThat(offer).isEqualTo(SendResult.ACCEPTED);
    }

    @Override
    public void close() {
        engine.close();
    }
}
