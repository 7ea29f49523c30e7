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
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@link Receiver#receiveAsync} when the sender is not the one to complete the future: another party completes or
 * cancels it, in which case the outcome stays unread in the channel, or the receiver abandons the round or is closed.
 */
@ParameterizedClass
@EnumSource
class ReceiveAsyncCancelTest {
    @Parameter
    Level level;

    private Receiver<Object> receiver;
    private Sender<Object> sender;
    private CompletableFuture<Object> future;

    @BeforeEach
    void makePendingFuture() {
        receiver = level.receiver();
        sender = receiver.sender();
        future = receiver.receiveAsync();
    }

    private void assertRoundIsOver() {
        assertThatThrownBy(receiver::tryReceive).isInstanceOf(SenderDroppedException.class);
        assertRoundWorks(receiver.sender());
    }

    /** Makes a dependent that calls this, however the future is completed. */
    private <R> CompletableFuture<R> inDependent(Supplier<R> call) {
        return future.handle((value, thrown) -> call.get());
    }

    private void assertDetached(Sender<Object> detached) {
        for (int i = 0; i < 3; i++) {
            assertThat(detached.isAbandoned()).isTrue();
            assertThat(detached.send("late")).isFalse();
            assertThat(detached.fail(new Exception())).isFalse();
            assertThat(detached.drop()).isFalse();
        }
        assertThat(detached.isAbandoned()).isTrue();
    }

    private void assertRoundWorks(Sender<Object> live) {
        assertThat(live.isAbandoned()).isFalse();
        CountingWaker waker = new CountingWaker();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        assertThat(live.send("value")).isTrue();
        assertThat(waker.count()).isEqualTo(1);
        assertThat(receiver.take()).isEqualTo("value");
    }

    private void assertClosed() {
        assertThat(receiver.isClosed()).isTrue();
        assertThatIllegalStateException().isThrownBy(receiver::sender).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(receiver::receiveAsync).withMessageContaining("closed");
        assertThat(receiver.abandon()).isFalse();
    }

    // ------------------------------------------------------------------ completed by others

    @ParameterizedTest
    @EnumSource
    void aValueSentAfterwardsStaysInTheChannelEvenIfItIsTheSameObject(FutureCompletion other) {
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
    void theRoundGoesOnAndWakesTheNextWaker(FutureCompletion other) {
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
    void anAttemptAfterTheSendersCompletionChangesNothing(FutureCompletion other) {
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
    void theSenderIsStillLiveAndTheNextRoundIsRefused() {
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
    void theNextRoundDiscardsAnUnreadOutcome() {
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
    void aSupplierThatThrowsCompletesTheFutureLikeAnyOther() {
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
    void aSupplierIsNotCalledOnceTheFutureIsDone() {
        ManualExecutor queue = new ManualExecutor();
        AtomicReference<Object> called = new AtomicReference<>();
        future.completeAsync(() -> called.getAndSet("called"), queue);
        assertThat(sender.send("value")).isTrue();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(called).hasNullValue();
        assertRoundIsOver();
    }

    @Test
    void nullArgumentsAreRefusedAndChangeNothing() {
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
    void aNullExceptionIsRefusedAndChangesNothing() {
        assertThatNullPointerException().isThrownBy(() -> future.completeExceptionally(null));
        assertThatNullPointerException().isThrownBy(() -> future.obtrudeException(null));
        assertThat(future).isNotDone();
        assertThat(sender.send("value")).isTrue();
        assertThat(future).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @Test
    void aSupplierThatThrowsACompletionExceptionCompletesTheFutureLikeAnyOther() {
        CompletionException thrown = new CompletionException(new IllegalStateException());
        future.completeAsync(
                () -> {
                    throw thrown;
                },
                Runnable::run);
        assertThatThrownBy(future::join).isSameAs(thrown);
    }

    // ------------------------------------------------------------------ abandoned or closed

    @Test
    void abandonCancelsAPendingFutureAndDetachesTheSender() {
        assertThat(receiver.abandon()).isTrue();
        assertThat(future).isCancelled();
        assertThat(receiver.abandon()).isFalse();
        Sender<Object> next = receiver.sender();
        assertThat(next).isNotSameAs(sender);
        assertDetached(sender);
        assertRoundWorks(next);
        assertDetached(sender);
    }

    @Test
    void closeCancelsAPendingFutureAndDetachesTheSender() {
        receiver.close();
        assertThat(future).isCancelled();
        assertDetached(sender);
        assertClosed();
        receiver.close();
        assertClosed();
    }

    @Test
    void abandonAfterTheSendersCompletionReturnsFalseAndTheFutureKeepsTheValue() {
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.abandon()).isFalse();
        assertThat(future).isCompletedWithValue("value");
        assertRoundWorks(receiver.sender());
    }

    @Test
    void closeAfterTheSendersCompletionLeavesTheFutureItsValue() {
        assertThat(sender.send("value")).isTrue();
        receiver.close();
        assertThat(future).isCompletedWithValue("value");
        assertClosed();
    }

    @ParameterizedTest
    @EnumSource
    void abandonAfterOthersCompletedTheFutureDetachesTheLiveSender(FutureCompletion other) {
        other.complete(future, "other");
        assertThat(receiver.abandon()).isTrue();
        assertDetached(sender);
        assertRoundWorks(receiver.sender());
        assertDetached(sender);
    }

    @ParameterizedTest
    @EnumSource
    void closeAfterOthersCompletedTheFutureDetachesTheLiveSender(FutureCompletion other) {
        other.complete(future, "other");
        receiver.close();
        assertDetached(sender);
        assertClosed();
    }

    @ParameterizedTest
    @EnumSource
    void abandonDiscardsAnOutcomeThatStayedInTheChannel(FutureCompletion other) {
        other.complete(future, "other");
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.abandon()).isFalse();
        assertThatThrownBy(receiver::tryReceive).isInstanceOf(SenderDroppedException.class);
        assertRoundWorks(receiver.sender());
    }

    @Test
    void anAbandonedFutureStaysCancelledAndNeverTouchesALaterRound() {
        assertThat(receiver.abandon()).isTrue();
        Sender<Object> next = receiver.sender();
        CompletableFuture<Object> second = receiver.receiveAsync();
        assertThat(future.complete("other")).isFalse();
        assertThat(future.cancel(true)).isTrue();
        future.obtrudeValue("obtruded");
        assertThat(sender.send("late")).isFalse();
        assertThat(second).isNotDone();
        assertThat(receiver.trySender()).isNull();
        assertThat(next.send("value")).isTrue();
        assertThat(second).isCompletedWithValue("value");
    }

    // ------------------------------------------------------------------ dependents that call in

    @Test
    void aDependentMayBeginTheNextRoundWithinAbandon() {
        CompletableFuture<Sender<Object>> next = inDependent(receiver::sender);
        assertThat(receiver.abandon()).isTrue();
        assertThat(next).isCompleted();
        assertDetached(sender);
        assertRoundWorks(next.join());
    }

    @Test
    void aDependentMayTryToBeginTheNextRoundWithinAbandon() {
        CompletableFuture<Sender<Object>> next = inDependent(receiver::trySender);
        assertThat(receiver.abandon()).isTrue();
        assertThat(next.join()).isNotNull();
        assertDetached(sender);
        assertRoundWorks(next.join());
    }

    @Test
    void aDependentMayAwaitTheNextRoundWithinAbandon() {
        AtomicReference<Sender<Object>> next = new AtomicReference<>();
        CompletableFuture<Object> second = future.handle((value, thrown) -> {
                    next.set(receiver.sender());
                    return receiver.receiveAsync();
                })
                .thenCompose(inner -> inner);
        assertThat(receiver.abandon()).isTrue();
        assertThat(second).isNotDone();
        assertThat(receiver.trySender()).isNull();
        assertDetached(sender);
        assertThat(next.get().send("value")).isTrue();
        assertThat(second).isCompletedWithValue("value");
        assertRoundWorks(receiver.sender());
    }

    @Test
    void aDependentThatAbandonsWithinAbandonFindsItDone() {
        CompletableFuture<Boolean> again = inDependent(receiver::abandon);
        assertThat(receiver.abandon()).isTrue();
        assertThat(again).isCompletedWithValue(false);
        assertDetached(sender);
        assertRoundWorks(receiver.sender());
    }

    @Test
    void aDependentMayBeginARoundAndAbandonItWithinAbandon() {
        AtomicReference<Sender<Object>> next = new AtomicReference<>();
        CompletableFuture<Boolean> again = inDependent(() -> {
            next.set(receiver.sender());
            return receiver.abandon();
        });
        assertThat(receiver.abandon()).isTrue();
        assertThat(again).isCompletedWithValue(true);
        assertDetached(sender);
        assertDetached(next.get());
        assertRoundWorks(receiver.sender());
    }

    @Test
    void aDependentMayCloseWithinAbandon() {
        CompletableFuture<Boolean> closed = inDependent(() -> {
            receiver.close();
            return receiver.isClosed();
        });
        assertThat(receiver.abandon()).isTrue();
        assertThat(closed).isCompletedWithValue(true);
        assertDetached(sender);
        assertClosed();
    }

    @Test
    void aDependentFindsTheReceiverClosedWithinClose() {
        CompletableFuture<Boolean> closed = inDependent(receiver::isClosed);
        CompletableFuture<Boolean> abandoned = inDependent(receiver::abandon);
        CompletableFuture<Sender<Object>> begun = inDependent(receiver::sender);
        CompletableFuture<Sender<Object>> tried = inDependent(receiver::trySender);
        CompletableFuture<Void> again = future.handle((value, thrown) -> {
            receiver.close();
            return null;
        });
        receiver.close();
        assertThat(closed).isCompletedWithValue(true);
        assertThat(abandoned).isCompletedWithValue(false);
        assertThat(again).isCompleted();
        for (CompletableFuture<?> refused : new CompletableFuture<?>[] {begun, tried}) {
            assertThatThrownBy(refused::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
        assertDetached(sender);
        assertClosed();
    }

    @Test
    void aDependentOfACancelledFutureFindsTheSenderLive() {
        CompletableFuture<Sender<Object>> tried = inDependent(receiver::trySender);
        CompletableFuture<Sender<Object>> begun = inDependent(receiver::sender);
        CompletableFuture<Object> received = inDependent(receiver::tryReceive);
        assertThat(future.cancel(false)).isTrue();
        assertThat(tried).isCompletedWithValue(null);
        assertThatThrownBy(begun::join).hasMessageContaining("a sender is live");
        assertThat(received).isCompletedWithValue(null);
        assertRoundWorks(sender);
    }

    @Test
    void aDependentOfACancelledFutureMayAbandonTheRoundAndBeginTheNext() {
        CompletableFuture<Sender<Object>> next = inDependent(() -> {
            assertThat(receiver.abandon()).isTrue();
            return receiver.sender();
        });
        assertThat(future.cancel(false)).isTrue();
        assertThat(next).isCompleted();
        assertDetached(sender);
        assertRoundWorks(next.join());
    }

    @Test
    void aDependentThatThrowsDoesNotBreakAbandonOrClose() {
        CompletableFuture<Object> broken = inDependent(() -> {
            throw new AssertionError("dependent");
        });
        assertThat(receiver.abandon()).isTrue();
        assertThat(broken).isCompletedExceptionally();
        assertRoundWorks(receiver.sender());
    }
}
