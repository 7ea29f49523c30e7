package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A sender is a value like any other, even in its own channel, where the slot must distinguish it from the end of a
 * round.
 */
class SenderAsValueTest {
    private static final Waker WAKER = () -> {};

    @ParameterizedTest
    @EnumSource
    void aSenderThatSendsItselfIsReceived(Level level) throws InterruptedException {
        Receiver<Object> receiver = level.receiver();
        for (int round = 0; round < 3; round++) {
            Sender<Object> sender = receiver.sender();
            assertThat(sender.send(sender)).isTrue();
            assertThat(receiver).hasToString("Receiver[a value awaits]");
            assertThat(sender).hasToString("Sender[consumed]");
            assertThat(receiver.poll(WAKER)).isEqualTo(Poll.READY);
            assertThat(receiver.take()).isSameAs(sender);
            assertThat(receiver.poll(WAKER)).isEqualTo(Poll.DROPPED);

            Sender<Object> next = receiver.sender();
            assertThat(next.send(next)).isTrue();
            assertThat(receiver.receive()).isSameAs(next);

            Sender<Object> last = receiver.sender();
            assertThat(last.send(last)).isTrue();
            assertThat(receiver.tryReceive()).isSameAs(last);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiverThatWaitsGetsIt(Level level) {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CountingWaker waker = new CountingWaker();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        assertThat(sender.send(sender)).isTrue();
        assertThat(waker.count()).isEqualTo(1);
        assertThat(receiver.poll(waker)).isEqualTo(Poll.READY);
        assertThat(receiver.take()).isSameAs(sender);
    }

    @ParameterizedTest
    @EnumSource
    void aFutureMadeBeforeOrAfterGetsIt(Level level) throws InterruptedException, ExecutionException {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CompletableFuture<Object> before = receiver.receiveAsync();
        assertThat(sender.send(sender)).isTrue();
        assertThat(before.get()).isSameAs(sender);

        Sender<Object> next = receiver.sender();
        assertThat(next.send(next)).isTrue();
        assertThat(receiver.receiveAsync().get()).isSameAs(next);

        Sender<Object> last = receiver.sender();
        CompletableFuture<Object> cancelled = receiver.receiveAsync();
        assertThat(cancelled.cancel(false)).isTrue();
        assertThat(last.send(last)).isTrue();
        assertThat(receiver.tryReceive()).isSameAs(last);
    }

    @ParameterizedTest
    @EnumSource
    void theNextRoundDiscardsOneThatWasNotTaken(Level level) {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        assertThat(sender.send(sender)).isTrue();
        Sender<Object> next = receiver.sender();
        assertThat(receiver.tryReceive()).isNull();
        assertThat(next.drop()).isTrue();
        assertThat(receiver.poll(WAKER)).isEqualTo(Poll.DROPPED);
    }

    @ParameterizedTest
    @EnumSource
    void aDetachedSenderThatSendsItselfIsRefused(Level level) {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        assertThat(receiver.abandon()).isTrue();
        assertThat(sender.send(sender)).isFalse();
        assertThat(receiver.poll(WAKER)).isEqualTo(Poll.DROPPED);
    }

    @ParameterizedTest
    @EnumSource
    void awaitAnyAndAwaitAllFindIt(Level level) throws InterruptedException {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        assertThat(sender.send(sender)).isTrue();
        assertThat(Receivers.awaitAny(List.of(receiver))).isZero();
        Receivers.awaitAll(List.of(receiver));
        assertThat(receiver.take()).isSameAs(sender);
    }
}
