package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** An engine, and an asker and an answerer on it, in this process. */
final class Wire implements AutoCloseable {
    /** Longer than anything takes that does not hang. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** For channels whose messages are small, so that little fills them. */
    static final String NARROW = "aeron:ipc?term-length=64k";

    final Engine engine = Engine.embedded();

    AskerBuilder<String, String> asker() {
        return Asker.builder(engine, Codec.utf8(), Codec.utf8());
    }

    AnswererBuilder<String, String> answerer() {
        return Answerer.builder(engine, Codec.utf8(), Codec.utf8());
    }

    /** An asker that has found its answerer. */
    Asker<String, String> connected() throws InterruptedException {
        return connected(asker());
    }

    Asker<String, String> connected(AskerBuilder<String, String> settings) throws InterruptedException {
        Asker<String, String> asker = settings.open();
        assertThat(asker.awaitConnected(PATIENCE)).isTrue();
        return asker;
    }

    /** Answers each request with itself. */
    static void echo(String request, RemoteSender<String> sender) {
        assertThat(sender.send(request)).isEqualTo(Offer.ACCEPTED);
    }

    /** Answers, as soon as there is room for it. */
    static void answer(RemoteSender<String> sender, String reply) {
        Offer offer;
        while ((offer = sender.send(reply)) == Offer.BACK_PRESSURED) {
            Thread.onSpinWait();
        }
        assertThat(offer).isEqualTo(Offer.ACCEPTED);
    }

    @Override
    public void close() {
        engine.close();
    }
}
