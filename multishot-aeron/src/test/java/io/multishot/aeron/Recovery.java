package io.multishot.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multishot.Poll;
import io.multishot.ReceiveException;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** The time after an outage, however that was brought about: requests end, and new ones work, before it is over. */
final class Recovery {
    /** Aeron itself takes up to ten seconds to notice that somebody is gone. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final long start = System.nanoTime();

    private boolean isOver() {
        return System.nanoTime() - start >= LONGEST.toNanos();
    }

    /** The request has ended, or will in time: with a value, or because its responder was lost. */
    void ends(Call<String> call) throws InterruptedException {
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

    /** Asks until there is an answer; what was asked on the way to that may get lost. */
    String answered(Requester<String, String> requester, String request) throws InterruptedException {
        Call<String> call = new Call<>();
        while (!isOver()) {
            try {
                if (call.ask(requester, request) == SendResult.ACCEPTED) {
                    return call.receive(Duration.ofSeconds(3));
                }
            } catch (ReceiveException | TimeoutException lost) {
                // the next one may get through
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no answer to " + request + " within " + LONGEST + " from the " + requester);
    }
}
