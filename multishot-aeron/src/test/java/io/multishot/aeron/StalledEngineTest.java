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
 * A responder whose heartbeats may wait unread, because this side was stalled, does not count as lost. This thread runs
 * both engines, and so can stall either.
 */
@Timeout(60)
@Tag("checked") // once is enough, because it takes seconds
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

    private void runBothUntil(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            here.work();
            there.work();
        }
    }

    private boolean isPending() {
        return call.receiver().poll(() -> {}) == Poll.PENDING;
    }

    private void sendAndKeep() {
        runBothUntil(requester::isConnected);
        assertThat(call.ask(requester, "keep")).isEqualTo(SendResult.ACCEPTED);
        runBothUntil(() -> !kept.isEmpty());
    }

    /** Runs as many idle cycles as it takes until one of them reads the clock. */
    private void runIdleCycles() {
        for (int idle = 0; idle < 20; idle++) {
            if (here.work() > 0) {
                idle = 0;
            }
        }
    }

    @Test
    void aStallOfTheRequesterDoesNotCountAsSilence() throws Exception {
        sendAndKeep();
        runIdleCycles(); // receives everything, and reads the clock after that

        Thread.sleep(PEER_TIMEOUT.plusMillis(100).toMillis());
        runIdleCycles();

        assertThat(requester.isConnected()).isTrue();
        assertThat(kept.remove().send("reply")).isEqualTo(SendResult.ACCEPTED);
        runBothUntil(() -> !isPending());
        assertThat(call.receiver().take()).isEqualTo("reply");
    }

    @Test
    void aSilentResponderIsLostHoweverOftenTheRequesterIsStalled() throws Exception {
        sendAndKeep();

        while (isPending()) {
            Thread.sleep(PEER_TIMEOUT.toMillis() / 3); // longer than the interval of the heartbeats
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
    void eachPartOfALongReplyCountsAsAHeartbeat() throws Exception {
        sendAndKeep();
        String reply = "x".repeat(120_000);
        assertThat(kept.remove().send(reply)).isEqualTo(SendResult.ACCEPTED);
        long start = System.nanoTime();

        while (isPending()) {
            Thread.sleep(150);
            here.work(); // receives ten fragments
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(PEER_TIMEOUT);
        assertThat(call.receiver().take()).isEqualTo(reply);
    }
}
