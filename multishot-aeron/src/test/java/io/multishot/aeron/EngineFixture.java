package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** An engine with an embedded driver, and builders for requesters and responders on it. */
final class EngineFixture implements AutoCloseable {
    /** Longer than anything takes, unless it hangs. */
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** A channel with the smallest log, which a few messages fill. */
    static final String NARROW = "aeron:ipc?term-length=64k";

    final Engine engine = Engine.embedded();

    RequesterBuilder<String, String> requester() {
        return Requester.builder(engine, Codec.utf8(), Codec.utf8());
    }

    ResponderBuilder<String, String> responder() {
        return Responder.builder(engine, Codec.utf8(), Codec.utf8());
    }

    /** Opens a requester that is connected to its responder. */
    Requester<String, String> connected() throws InterruptedException {
        return connected(requester());
    }

    Requester<String, String> connected(RequesterBuilder<String, String> settings) throws InterruptedException {
        Requester<String, String> requester = settings.open();
        assertThat(requester.awaitConnected(TIMEOUT)).isTrue();
        return requester;
    }

    /** Replies with the request itself. */
    static void echo(String request, RemoteSender<String> sender) {
        assertThat(sender.send(request)).isEqualTo(SendResult.ACCEPTED);
    }

    /** Replies as soon as back-pressure allows. */
    static void reply(RemoteSender<String> sender, String reply) {
        SendResult result;
        while ((result = sender.send(reply)) == SendResult.BACK_PRESSURED) {
            Thread.onSpinWait();
        }
        assertThat(result).isEqualTo(SendResult.ACCEPTED);
    }

    @Override
    public void close() {
        engine.close();
    }
}
