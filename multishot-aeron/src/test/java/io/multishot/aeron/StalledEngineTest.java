package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Poll;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A responder that says nothing for a while is not lost if it may have been heard. Both ends are held up at will: this
 * thread is theirs.
 */
@Timeout(60)
@Tag("checked") // so that it takes its seconds once only
class StalledEngineTest {
    private static final Duration PEER_TIMEOUT = Duration.ofSeconds(1);

    private final EngineFixture fixture = new EngineFixture();
    private final Engine here = Engine.invoked(fixture.engine.aeron());
    private final Engine there = Engine.invoked(fixture.engine.aeron());
    private final Queue<RemoteSender<String>> kept = new ArrayDeque<>();
    private final Responder responder =
            Responder.builder(there, Codec.utf8(), Codec.utf8()).open((request, sender) -> kept.add(sender));
    private final Requester<String, String> requester = Requester.builder(here, Codec.utf8(), Codec.utf8())
            .peerTimeout(PEER_TIMEOUT)
            .open();
    private final Call<String> call = new Call<>();

    @AfterEach
    void close() {
        here.close();
        there.close();
        fixture.close();
    }

    private void bothWorkUntil(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            here.work();
            there.work();
        }
    }

    private boolean isPending() {
        return call.receiver().poll(() -> {}) == Poll.PENDING;
    }

    private void askAndKeep() {
        bothWorkUntil(requester::isConnected);
        assertThat(call.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
        bothWorkUntil(() -> !kept.isEmpty());
    }

    /** Of so many cycles in which nothing comes, one looks at the clock. */
    private void workIdly() {
        for (int idle = 0; idle < 20; idle++) {
            if (here.work() > 0) {
                idle = 0;
            }
        }
    }

    @Test
    void whoWasHeldUpItselfGivesTheResponderTimeToSpeak() throws Exception {
        askAndKeep();
        workIdly(); // it has heard all there is, and has looked at the clock since

        Thread.sleep(PEER_TIMEOUT.plusMillis(100).toMillis());
        workIdly();

        assertThat(requester.isConnected()).isTrue();
        assertThat(kept.remove().send("reply")).isEqualTo(SendResult.ACCEPTED);
        bothWorkUntil(() -> !isPending());
        assertThat(call.receiver().take()).isEqualTo("reply");
    }

    @Test
    void aResponderThatIsSilentIsLostHoweverOftenWhoListensIsHeldUp() throws Exception {
        askAndKeep();

        while (isPending()) {
            Thread.sleep(PEER_TIMEOUT.toMillis() / 3); // longer than between two signs of life
            here.work();
        }

        assertThatThrownBy(call.receiver()::take)
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isInstanceOf(PeerLostException.class)
                .hasMessageContaining("was not heard for 1000 ms");
        assertThat(requester.isConnected()).isFalse();
        assertThat(responder.requesters()).isEqualTo(1);
    }

    @Test
    void aResponderIsHeardWithEachPartOfALongReply() throws Exception {
        askAndKeep();
        String reply = "x".repeat(1_000_000);
        assertThat(kept.remove().send(reply)).isEqualTo(SendResult.ACCEPTED);
        long start = System.nanoTime();

        while (isPending()) {
            Thread.sleep(20);
            here.work(); // ten parts of it
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(PEER_TIMEOUT);
        assertThat(call.receiver().take()).isEqualTo(reply);
    }
}
