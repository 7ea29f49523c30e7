package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A future that somebody other than the sender completed first: the outcome stays unread in the channel. */
@ParameterizedClass
@EnumSource
class ReceiveAsyncCompletedByOthersTest {
    @Parameter
    Level level;

    private Receiver<Object> receiver;
    private Sender<Object> sender;
    private CompletableFuture<Object> future;

    @BeforeEach
    void aFutureWaits() {
        receiver = level.receiver();
        sender = receiver.sender();
        future = receiver.receiveAsync();
    }

    private void assertRoundIsOver() {
        assertThatThrownBy(receiver::tryReceive).isInstanceOf(SenderDroppedException.class);
        Sender<Object> next = receiver.sender();
        CountingWaker waker = new CountingWaker();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        assertThat(next.send("next")).isTrue();
        assertThat(waker.count()).isEqualTo(1);
        assertThat(receiver.take()).isEqualTo("next");
    }

    @ParameterizedTest
    @EnumSource
    void aValueSentAfterwardsStaysInTheChannelThoughItBeTheSameObject(FutureCompletion other) {
        other.complete(future, Boolean.TRUE);
        assertThat(sender.send(Boolean.TRUE)).isTrue();
        assertThat(receiver.poll(new CountingWaker())).isEqualTo(Poll.READY);
        assertThat(receiver.take()).isEqualTo(true);
        assertRoundIsOver();
    }

    @ParameterizedTest
    @EnumSource
    void aValueSentAfterwardsCanBeTakenAtOnce(FutureCompletion other) {
        other.complete(future, "other");
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.take()).isEqualTo("value");
        assertRoundIsOver();
    }

    @ParameterizedTest
    @EnumSource
    void theRoundGoesOnAndWakesWhoeverWaitsNext(FutureCompletion other) {
        other.complete(future, "other");
        CountingWaker waker = new CountingWaker();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        assertThat(sender.send("value")).isTrue();
        assertThat(waker.count()).isEqualTo(1);
        assertThat(receiver.poll(waker)).isEqualTo(Poll.READY);
        assertThat(receiver.tryReceive()).isEqualTo("value");
        assertRoundIsOver();
    }

    @ParameterizedTest
    @EnumSource
    void aFailureStaysInTheChannel(FutureCompletion other) {
        other.complete(future, "other");
        Exception cause = new Exception();
        assertThat(sender.fail(cause)).isTrue();
        assertThat(receiver.poll(new CountingWaker())).isEqualTo(Poll.FAILED);
        assertThatThrownBy(receiver::receive)
                .isInstanceOf(SenderFailedException.class)
                .cause()
                .isSameAs(cause);
        assertRoundIsOver();
    }

    @ParameterizedTest
    @EnumSource
    void aDropStaysInTheChannel(FutureCompletion other) {
        other.complete(future, "other");
        assertThat(sender.drop()).isTrue();
        assertThat(receiver.poll(new CountingWaker())).isEqualTo(Poll.DROPPED);
        assertThatThrownBy(receiver::receiveUninterruptibly).isInstanceOf(SenderDroppedException.class);
        assertRoundIsOver();
    }

    @ParameterizedTest
    @EnumSource
    void theNextFutureOfTheRoundGetsTheValueThatIsThere(FutureCompletion other) {
        other.complete(future, "other");
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.receiveAsync()).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @ParameterizedTest
    @EnumSource
    void theNextFutureOfTheRoundGetsTheValueThatComes(FutureCompletion other) {
        other.complete(future, "other");
        CompletableFuture<Object> second = receiver.receiveAsync();
        assertThat(second).isNotSameAs(future).isNotDone();
        assertThat(receiver.trySender()).isNull();
        assertThat(sender.send("value")).isTrue();
        assertThat(second).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @ParameterizedTest
    @EnumSource
    void anAttemptAfterTheSendersCompletionLeavesTheRoundEnded(FutureCompletion other) {
        assertThat(sender.send("value")).isTrue();
        if (other.name().startsWith("OBTRUDE")) {
            other.apply(future, "other");
        } else {
            assertThat(future.complete("other")).isFalse();
            assertThat(future.completeExceptionally(new Exception())).isFalse();
            assertThat(future.cancel(true)).isFalse();
            assertThat(future.completeAsync(() -> "other", Runnable::run)).isCompletedWithValue("value");
            assertThat(future.orTimeout(0, TimeUnit.SECONDS)).isCompletedWithValue("value");
            assertThat(future.completeOnTimeout("other", 0, TimeUnit.SECONDS)).isCompletedWithValue("value");
        }
        assertRoundIsOver();
    }

    @Test
    void theSenderIsStillLiveAndTheNextRoundHasToWaitForIt() {
        assertThat(future.cancel(false)).isTrue();
        assertThat(receiver.trySender()).isNull();
        assertThatIllegalStateException()
                .isThrownBy(receiver::sender)
                .withMessageContaining("a sender is live")
                .withMessageContaining("abandon()");
        assertThatIllegalStateException().isThrownBy(receiver::take).withMessageContaining("pending");
        assertThat(receiver.tryReceive()).isNull();
        assertThat(sender.isAbandoned()).isFalse();
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.take()).isEqualTo("value");
        assertRoundIsOver();
    }

    @Test
    void theNextRoundDiscardsAnOutcomeThatNobodyRead() {
        assertThat(future.cancel(false)).isTrue();
        assertThat(sender.send("unread")).isTrue();
        Sender<Object> next = receiver.sender();
        assertThat(receiver.tryReceive()).isNull();
        assertThat(next.send("value")).isTrue();
        assertThat(receiver.tryReceive()).isEqualTo("value");
        assertRoundIsOver();
    }

    @Test
    void aBlockingReceiveTakesOverAndMayTimeOut() throws Exception {
        assertThat(future.cancel(false)).isTrue();
        assertThatThrownBy(() -> receiver.receive(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
        Thread thread = new Thread(() -> assertThat(sender.send("value")).isTrue());
        thread.start();
        assertThat(receiver.receive()).isEqualTo("value");
        thread.join();
        assertRoundIsOver();
    }

    @Test
    void theSameWakerAsBeforeTheFutureIsRegisteredAgain() {
        assertThat(sender.drop()).isTrue();
        CountingWaker waker = new CountingWaker();
        for (int i = 0; i < 10; i++) {
            Sender<Object> live = receiver.sender();
            assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
            assertThat(receiver.receiveAsync().cancel(false)).isTrue();
            assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
            assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
            assertThat(live.send(i)).isTrue();
            assertThat(waker.takeCount()).isEqualTo(1);
            assertThat(receiver.take()).isEqualTo(i);
        }
    }

    @Test
    void theSameThreadAsBeforeTheFutureIsRegisteredAgain() throws Exception {
        assertThat(sender.drop()).isTrue();
        for (int i = 0; i < 10; i++) {
            Sender<Object> live = receiver.sender();
            assertThatThrownBy(() -> receiver.receive(Duration.ofNanos(1))).isInstanceOf(TimeoutException.class);
            assertThat(receiver.receiveAsync().cancel(false)).isTrue();
            AtomicReference<Boolean> sent = new AtomicReference<>();
            int value = i;
            Thread main = Thread.currentThread();
            Thread thread = new Thread(() -> {
                while (main.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                sent.set(live.send(value));
            });
            thread.start();
            assertThat(receiver.receive()).isEqualTo(i);
            thread.join();
            assertThat(sent.get()).isTrue();
        }
    }

    @Test
    void aSupplierThatThrowsCompletesTheFutureAsItWouldAnyOther() {
        IllegalStateException thrown = new IllegalStateException();
        future.completeAsync(
                () -> {
                    throw thrown;
                },
                Runnable::run);
        assertThatThrownBy(future::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isSameAs(thrown);
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isSameAs(thrown);
        assertThat(future.handle((value, seen) -> seen).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isSameAs(thrown);
    }

    @Test
    void aSupplierWhoseTurnComesWhenTheFutureIsDoneIsNotAsked() {
        ManualExecutor queue = new ManualExecutor();
        AtomicReference<Object> asked = new AtomicReference<>();
        future.completeAsync(() -> asked.getAndSet("asked"), queue);
        assertThat(sender.send("value")).isTrue();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(asked).hasNullValue();
        assertRoundIsOver();
    }

    @Test
    void theArgumentsOfCompleteAsyncMustNotBeNullAndNothingHasChangedThen() {
        assertThatNullPointerException().isThrownBy(() -> future.completeAsync(null));
        assertThatNullPointerException().isThrownBy(() -> future.completeAsync(null, Runnable::run));
        assertThatNullPointerException().isThrownBy(() -> future.completeAsync(() -> "other", null));
        assertThatNullPointerException().isThrownBy(() -> future.orTimeout(1, null));
        assertThatNullPointerException().isThrownBy(() -> future.completeOnTimeout("other", 1, null));
        assertThat(sender.send("value")).isTrue();
        assertThat(future).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @Test
    void aSupplierThatTheSenderOvertakesChangesNothing() {
        future.completeAsync(
                () -> {
                    assertThat(sender.send("value")).isTrue();
                    return "other";
                },
                Runnable::run);
        assertThat(future).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @Test
    void aNullExceptionIsRefusedAndNothingHasChangedThen() {
        assertThatNullPointerException().isThrownBy(() -> future.completeExceptionally(null));
        assertThatNullPointerException().isThrownBy(() -> future.obtrudeException(null));
        assertThat(future).isNotDone();
        assertThat(sender.send("value")).isTrue();
        assertThat(future).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @Test
    void aSupplierThatThrowsACompletionExceptionCompletesTheFutureAsItWouldAnyOther() {
        CompletionException thrown = new CompletionException(new IllegalStateException());
        future.completeAsync(
                () -> {
                    throw thrown;
                },
                Runnable::run);
        assertThatThrownBy(future::join).isSameAs(thrown);
    }
}
