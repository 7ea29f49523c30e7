package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the future of a round gets, and on which thread. */
@ParameterizedClass
@EnumSource
class ReceiveAsyncTest {
    @Parameter
    Level level;

    /** The very throwable in the future, not wrapped. */
    private static Throwable cause(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        return future.handle((value, thrown) -> thrown).join();
    }

    private void assertRoundIsOver(Receiver<Object> receiver) {
        assertThat(receiver.poll(new CountingWaker())).isEqualTo(Poll.DROPPED);
        assertThatThrownBy(receiver::tryReceive).isInstanceOf(SenderDroppedException.class);
        assertNextRoundWorks(receiver);
    }

    private void assertNextRoundWorks(Receiver<Object> receiver) {
        Object value = new Object();
        Sender<Object> next = receiver.sender();
        CountingWaker waker = new CountingWaker();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        assertThat(next.send(value)).isTrue();
        assertThat(waker.count()).isEqualTo(1);
        assertThat(receiver.take()).isSameAs(value);
    }

    // ------------------------------------------------------------------ the outcome

    @Test
    void theFutureGetsTheValueAndThatEndsTheRound() {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CompletableFuture<Object> future = receiver.receiveAsync();
        assertThat(future).isNotDone();
        Object value = new Object();
        assertThat(sender.send(value)).isTrue();
        assertThat(future).isCompleted();
        assertThat(future.join()).isSameAs(value);
        assertRoundIsOver(receiver);
    }

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void theFutureGetsTheVeryCauseOfFailAndThatEndsTheRound(Throwable thrown) {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CompletableFuture<Object> future = receiver.receiveAsync();
        assertThat(sender.fail(thrown)).isTrue();
        assertThat(cause(future)).isSameAs(thrown);
        assertRoundIsOver(receiver);
    }

    @Test
    void theFutureOfADroppedSenderGetsASenderDroppedExceptionAndThatEndsTheRound() {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CompletableFuture<Object> future = receiver.receiveAsync();
        assertThat(sender.drop()).isTrue();
        assertThat(cause(future)).isInstanceOf(SenderDroppedException.class);
        assertRoundIsOver(receiver);
    }

    @Test
    void aSenderThatFailsWithACancellationExceptionHasNotCancelledTheFutureButEndedTheRound() {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CompletableFuture<Object> future = receiver.receiveAsync();
        CancellationException thrown = new CancellationException();
        assertThat(sender.fail(thrown)).isTrue();
        assertThat(cause(future)).isSameAs(thrown);
        assertRoundIsOver(receiver);
    }

    @Test
    void aSenderThatFailsWithACompletionExceptionIsNotUnwrapped() {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CompletableFuture<Object> future = receiver.receiveAsync();
        CompletionException thrown = new CompletionException(new IllegalStateException());
        assertThat(sender.fail(thrown)).isTrue();
        assertThat(cause(future)).isSameAs(thrown);
        assertRoundIsOver(receiver);
    }

    @Test
    void anOutcomeThatIsThereAlreadyIsInTheFutureAtOnceAndThatEndsTheRound() {
        Receiver<Object> receiver = level.receiver();
        assertThat(receiver.sender().send("value")).isTrue();
        assertThat(receiver.receiveAsync()).isCompletedWithValue("value");
        assertRoundIsOver(receiver);

        Exception thrown = new Exception();
        assertThat(receiver.sender().fail(thrown)).isTrue();
        assertThat(cause(receiver.receiveAsync())).isSameAs(thrown);
        assertRoundIsOver(receiver);

        assertThat(receiver.sender().drop()).isTrue();
        assertThat(cause(receiver.receiveAsync())).isInstanceOf(SenderDroppedException.class);
        assertRoundIsOver(receiver);
    }

    @Test
    void withoutARoundTheFutureHasASenderDroppedExceptionAtOnce() {
        Receiver<Object> receiver = level.receiver();
        assertThat(cause(receiver.receiveAsync())).isInstanceOf(SenderDroppedException.class);
        assertNextRoundWorks(receiver);
        assertThat(cause(receiver.receiveAsync())).isInstanceOf(SenderDroppedException.class);
        assertRoundIsOver(receiver);
    }

    @Test
    void onAClosedReceiverItThrows() {
        Receiver<Object> receiver = level.receiver();
        receiver.close();
        assertThatIllegalStateException()
                .isThrownBy(receiver::receiveAsync)
                .withMessageContaining("this receiver is closed");
    }

    @Test
    void aFutureAfterAPollReplacesTheWaker() {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CountingWaker waker = new CountingWaker();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        CompletableFuture<Object> future = receiver.receiveAsync();
        assertThat(sender.send("value")).isTrue();
        assertThat(future).isCompletedWithValue("value");
        assertThat(waker.count()).isZero();
        assertRoundIsOver(receiver);
    }

    @Test
    void aThousandRoundsThroughFuturesWork() {
        Receiver<Object> receiver = level.receiver();
        for (int i = 0; i < 1_000; i++) {
            Sender<Object> sender = receiver.sender();
            CompletableFuture<Object> future = receiver.receiveAsync();
            assertThat(sender.send(i)).isTrue();
            assertThat(future).isCompletedWithValue(i);
        }
        assertRoundIsOver(receiver);
    }

    // ------------------------------------------------------------------ the sender's thread

    @Test
    void dependentsRunOnTheSendersThreadBeforeSendReturns() throws Exception {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        AtomicReference<Thread> ranOn = new AtomicReference<>();
        CompletableFuture<Void> dependent =
                receiver.receiveAsync().thenAccept(value -> ranOn.set(Thread.currentThread()));
        AtomicReference<Thread> seen = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            assertThat(sender.send("value")).isTrue();
            seen.set(ranOn.get());
        });
        thread.start();
        thread.join();
        assertThat(ranOn.get()).isSameAs(thread);
        assertThat(seen.get()).isSameAs(thread);
        assertThat(dependent).isCompleted();
    }

    @Test
    void aDependentMayBeginTheNextRoundAndAwaitItAndSoOn() {
        Receiver<Object> receiver = level.receiver();
        List<Object> received = new ArrayList<>();
        List<Sender<Object>> senders = new ArrayList<>();
        nextRound(receiver, senders, received);
        for (int i = 0; i < 100; i++) {
            assertThat(senders).hasSize(i + 1);
            assertThat(senders.get(i).send(i)).isTrue();
            assertThat(received).hasSize(i + 1).last().isEqualTo(i);
        }
        assertThat(receiver.abandon()).isTrue();
    }

    private void nextRound(Receiver<Object> receiver, List<Sender<Object>> senders, List<Object> received) {
        senders.add(receiver.sender());
        receiver.receiveAsync().thenAccept(value -> {
            received.add(value);
            nextRound(receiver, senders, received);
        });
    }

    @Test
    void aDependentFindsTheRoundOverAndMayRunAWholeOne() {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CompletableFuture<Object> dependent = receiver.receiveAsync().thenApply(value -> {
            assertRoundIsOver(receiver);
            return value;
        });
        assertThat(sender.send("value")).isTrue();
        assertThat(dependent).isCompletedWithValue("value");
        assertRoundIsOver(receiver);
    }

    @Test
    void aDependentMayCloseTheReceiver() {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CompletableFuture<Boolean> dependent = receiver.receiveAsync().thenApply(value -> {
            boolean abandoned = receiver.abandon();
            receiver.close();
            return abandoned;
        });
        assertThat(sender.send("value")).isTrue();
        assertThat(dependent).isCompletedWithValue(false);
        assertThat(receiver.isClosed()).isTrue();
    }

    @Test
    void aDependentThatThrowsDoesNotBreakTheSender() {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CompletableFuture<Void> dependent = receiver.receiveAsync().thenAccept(value -> {
            throw new AssertionError("dependent");
        });
        assertThat(sender.send("value")).isTrue();
        assertThat(dependent).isCompletedExceptionally();
        assertRoundIsOver(receiver);
    }

    @Test
    void aSecondUseOfTheSenderThrowsAndTheFutureKeepsTheFirstOutcome() {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        CompletableFuture<Object> future = receiver.receiveAsync();
        assertThat(sender.send("first")).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> sender.send("second"))
                .withMessageContaining("sender already consumed");
        assertThat(future).isCompletedWithValue("first");
        assertRoundIsOver(receiver);
    }
}
