package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both halves describe their state. The words may change, but every state has some. */
class ToStringTest {
    @ParameterizedTest
    @EnumSource
    void aRoundWithAValue(Level level) {
        Receiver<String> receiver = level.receiver();
        assertThat(receiver).hasToString("Receiver[no round in progress]");
        Sender<String> sender = receiver.sender();
        assertThat(receiver).hasToString("Receiver[a sender is live]");
        assertThat(sender).hasToString("Sender[live]");
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.PENDING);
        assertThat(receiver).hasToString("Receiver[a sender is live, a waiter is registered]");
        assertThat(sender).hasToString("Sender[live, the receiver waits]");
        sender.send("secret");
        assertThat(receiver).hasToString("Receiver[a value awaits]");
        assertThat(sender).hasToString("Sender[consumed]");
        receiver.take();
        assertThat(receiver).hasToString("Receiver[no round in progress]");
        assertThat(sender).hasToString("Sender[consumed, outcome taken]");
    }

    @ParameterizedTest
    @EnumSource
    void theOtherStates(Level level) {
        Receiver<String> receiver = level.receiver();
        receiver.sender().fail(new IllegalArgumentException("secret"));
        assertThat(receiver).hasToString("Receiver[failed with java.lang.IllegalArgumentException]");
        receiver.sender().drop();
        assertThat(receiver).hasToString("Receiver[dropped]");
        Sender<String> sender = receiver.sender();
        CompletableFuture<String> future = receiver.receiveAsync();
        assertThat(receiver).hasToString("Receiver[owned by a future]");
        assertThat(sender).hasToString("Sender[live, the receiver waits]");
        receiver.abandon();
        assertThat(future).isCancelled();
        assertThat(receiver).hasToString("Receiver[no round in progress]");
        assertThat(sender).hasToString("Sender[detached]");
        receiver.close();
        assertThat(receiver).hasToString("Receiver[closed]");
    }

    @ParameterizedTest
    @EnumSource
    void afterACancelledFutureNoWaiterIsRegistered(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThat(receiver.receiveAsync().cancel(false)).isTrue();
        assertThat(receiver.tryReceive()).isNull();
        assertThat(receiver).hasToString("Receiver[a sender is live]");
        assertThat(sender).hasToString("Sender[live]");
    }

    @Test
    void aStaleSafeSenderKeepsNoOutcomeThatWasDiscarded() {
        Receiver<String> receiver = new Receiver<>();
        Sender<String> stale = receiver.sender();
        stale.send("discarded");
        Sender<String> next = receiver.sender();
        assertThat(stale).hasToString("Sender[consumed, outcome taken]");
        assertThat(next).hasToString("Sender[live]");
    }
}
