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
    void a_future_waits() {
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
    void abandon_cancels_a_pending_future_and_detaches_the_sender() {
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
    void close_cancels_a_pending_future_and_detaches_the_sender() {
        receiver.close();
        assertThat(future).isCancelled();
        assertDetached(sender);
        assertClosed();
        receiver.close();
        assertClosed();
    }

    @Test
    void abandon_after_the_senders_completion_returns_false_and_the_future_keeps_the_value() {
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.abandon()).isFalse();
        assertThat(future).isCompletedWithValue("value");
        assertRoundWorks(receiver.sender());
    }

    @Test
    void close_after_the_senders_completion_leaves_the_future_its_value() {
        assertThat(sender.send("value")).isTrue();
        receiver.close();
        assertThat(future).isCompletedWithValue("value");
        assertClosed();
    }

    @ParameterizedTest
    @EnumSource
    void abandon_after_others_completed_the_future_detaches_the_live_sender(OtherCompletion other) {
        other.complete(future, "other");
        assertThat(receiver.abandon()).isTrue();
        assertDetached(sender);
        assertRoundWorks(receiver.sender());
        assertDetached(sender);
    }

    @ParameterizedTest
    @EnumSource
    void close_after_others_completed_the_future_detaches_the_live_sender(OtherCompletion other) {
        other.complete(future, "other");
        receiver.close();
        assertDetached(sender);
        assertClosed();
    }

    @ParameterizedTest
    @EnumSource
    void abandon_discards_an_outcome_that_stayed_in_the_channel(OtherCompletion other) {
        other.complete(future, "other");
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.abandon()).isFalse();
        assertThatThrownBy(receiver::tryReceive).isInstanceOf(SenderDroppedException.class);
        assertRoundWorks(receiver.sender());
    }

    @Test
    void a_future_that_was_given_up_stays_cancelled_and_never_touches_a_later_round() {
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
    void a_dependent_may_begin_the_next_round_within_abandon() {
        CompletableFuture<Sender<Object>> next = inDependent(receiver::sender);
        assertThat(receiver.abandon()).isTrue();
        assertThat(next).isCompleted();
        assertDetached(sender);
        assertRoundWorks(next.join());
    }

    @Test
    void a_dependent_may_try_to_begin_the_next_round_within_abandon() {
        CompletableFuture<Sender<Object>> next = inDependent(receiver::trySender);
        assertThat(receiver.abandon()).isTrue();
        assertThat(next.join()).isNotNull();
        assertDetached(sender);
        assertRoundWorks(next.join());
    }

    @Test
    void a_dependent_may_await_the_next_round_within_abandon() {
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
    void a_dependent_that_abandons_within_abandon_finds_it_done() {
        CompletableFuture<Boolean> again = inDependent(receiver::abandon);
        assertThat(receiver.abandon()).isTrue();
        assertThat(again).isCompletedWithValue(false);
        assertDetached(sender);
        assertRoundWorks(receiver.sender());
    }

    @Test
    void a_dependent_may_begin_a_round_and_abandon_it_within_abandon() {
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
    void a_dependent_may_close_within_abandon() {
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
    void a_dependent_finds_the_receiver_closed_within_close() {
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
    void a_dependent_of_a_cancelled_future_finds_the_sender_live() {
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
    void a_dependent_of_a_cancelled_future_may_abandon_the_round_and_begin_the_next() {
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
    void a_dependent_that_throws_does_not_break_abandon_or_close() {
        CompletableFuture<Object> broken = inDependent(() -> {
            throw new AssertionError("dependent");
        });
        assertThat(receiver.abandon()).isTrue();
        assertThat(broken).isCompletedExceptionally();
        assertRoundWorks(receiver.sender());
    }
}
