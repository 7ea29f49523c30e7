package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.SenderFailedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The guide's "Timeouts and late replies". */
class LateRepliesTest {
    private final Queue<Sender<String>> wire = new ArrayDeque<>(); // this thread is both sides
    private final Receiver<String> receiver = new Receiver<>();

    // tag::late-ask[]
    String ask(Duration timeout, String otherwise) throws InterruptedException {
        wire.add(receiver.sender());
        try {
            return receiver.receive(timeout);
        } catch (TimeoutException late) {
            receiver.abandon(); // from now on this sender reaches nobody
            return otherwise;
        }
    }
    // end::late-ask[]

    @Test
    void aLateReplyReachesNobodyAndTheNextRoundIsUntouched() throws InterruptedException {
        assertThat(ask(Duration.ofMillis(1), "no answer")).isEqualTo("no answer");
        Sender<String> late = wire.remove();
        Sender<String> next = receiver.sender();
        // tag::late-reply[]
        if (!late.send("42")) {
            log("nobody wants it any more"); // the value is still ours
        }
        // end::late-reply[]
        assertThat(logged).isEqualTo("nobody wants it any more");
        assertThat(receiver.tryReceive()).isNull();
        assertThat(next.send("43")).isTrue();
        assertThat(receiver.receive()).isEqualTo("43");
    }

    @Test
    void theReceiverCanWaitAgainInTheSameRound() throws InterruptedException {
        wire.add(receiver.sender());
        // tag::late-again[]
        String answer;
        try {
            answer = receiver.receive(Duration.ofMillis(1));
        } catch (TimeoutException late) {
            log("still waiting");
            answer = receiver.receive(); // the same round: nothing was lost
        }
        // end::late-again[]
        assertThat(answer).isEqualTo("42");
    }

    private final ExecutorService workers = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        workers.shutdownNow();
        timer.shutdownNow();
    }

    // tag::late-race[]
    void ask(Sender<String> sender, Duration patience) {
        workers.execute(() -> sender.trySend("42"));
        timer.schedule(() -> sender.tryFail(new TimeoutException()), patience.toNanos(), TimeUnit.NANOSECONDS);
    }
    // end::late-race[]

    @Test
    void aReplyAndATimerRaceForTheSenderAndOneOfThemEndsTheRound() throws InterruptedException {
        for (int round = 0; round < 1_000; round++) {
            ask(receiver.sender(), Duration.ZERO);
            try {
                assertThat(receiver.receive()).isEqualTo("42");
            } catch (SenderFailedException timedOut) {
                assertThat(timedOut).hasCauseInstanceOf(TimeoutException.class);
            }
        }

        Sender<String> next = receiver.sender();
        stop();
        assertThat(workers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(timer.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(receiver.tryReceive()).isNull();
        assertThat(next.send("43")).isTrue();
        assertThat(receiver.receive()).isEqualTo("43");
    }

    private String logged = "";

    private void log(String line) {
        logged = line;
        if (line.equals("still waiting")) {
            wire.remove().send("42");
        }
    }
}
