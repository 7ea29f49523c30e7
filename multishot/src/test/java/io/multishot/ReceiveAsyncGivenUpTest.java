package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** abandon() and close() while a future waits, and futures whose dependents call into the receiver meanwhile. */
@ParameterizedClass
@EnumSource
class ReceiveAsyncGivenUpTest {
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

    /** What the call gives in a dependent of the future, however that is completed. */
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

    // ------------------------------------------------------------------ given up

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
    void aFutureThatWasGivenUpStaysCancelledAndNeverTouchesALaterRound() {
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
