package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Poll;
import io.multishot.ReceiveException;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** The time after an outage of any kind, within which requests must end and new ones must work. */
final class Recovery {
    /** Aeron itself takes up to ten seconds to notice that a peer is gone. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final long start = System.nanoTime();

    private boolean isOver() {
        return System.nanoTime() - start >= TIMEOUT.toNanos();
    }

    /** Asserts that the request ends in time: with a value, or because its responder was lost. */
    void assertEnds(Call<String> call) throws InterruptedException {
        Poll outcome = call.receiver().poll(() -> {});
        while (outcome == Poll.PENDING && !isOver()) {
            Thread.sleep(10);
            outcome = call.receiver().poll(() -> {});
        }
        if (outcome == Poll.READY) {
            assertThat(call.receiver().take()).isNotNull();
        } else {
            assertThatThrownBy(() -> call.receive(Duration.ZERO))
                    .isInstanceOf(SenderFailedException.class)
                    .cause()
                    .isInstanceOf(PeerLostException.class);
        }
    }

    /** Sends the request until there is a reply; earlier attempts may get lost. */
    String askUntilAnswered(Requester<String, String> requester, String request) throws InterruptedException {
        Call<String> call = new Call<>();
        while (!isOver()) {
            try {
                if (call.ask(requester, request) == SendResult.ACCEPTED) {
                    return call.receive(Duration.ofSeconds(3));
                }
            } catch (ReceiveException | TimeoutException lost) {
                // try again
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no reply to " + request + " within " + TIMEOUT + " from the " + requester);
    }
}
