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
    void a_future_waits() {
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
    void a_value_sent_afterwards_stays_in_the_channel_though_it_be_the_same_object(OtherCompletion other) {
        other.complete(future, Boolean.TRUE);
        assertThat(sender.send(Boolean.TRUE)).isTrue();
        assertThat(receiver.poll(new CountingWaker())).isEqualTo(Poll.READY);
        assertThat(receiver.take()).isEqualTo(true);
        assertRoundIsOver();
    }

    @ParameterizedTest
    @EnumSource
    void a_value_sent_afterwards_can_be_taken_at_once(OtherCompletion other) {
        other.complete(future, "other");
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.take()).isEqualTo("value");
        assertRoundIsOver();
    }

    @ParameterizedTest
    @EnumSource
    void the_round_goes_on_and_wakes_whoever_waits_next(OtherCompletion other) {
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
    void a_failure_stays_in_the_channel(OtherCompletion other) {
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
    void a_drop_stays_in_the_channel(OtherCompletion other) {
        other.complete(future, "other");
        assertThat(sender.drop()).isTrue();
        assertThat(receiver.poll(new CountingWaker())).isEqualTo(Poll.DROPPED);
        assertThatThrownBy(receiver::receiveUninterruptibly).isInstanceOf(SenderDroppedException.class);
        assertRoundIsOver();
    }

    @ParameterizedTest
    @EnumSource
    void the_next_future_of_the_round_gets_the_value_that_is_there(OtherCompletion other) {
        other.complete(future, "other");
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.receiveAsync()).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @ParameterizedTest
    @EnumSource
    void the_next_future_of_the_round_gets_the_value_that_comes(OtherCompletion other) {
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
    void an_attempt_after_the_senders_completion_leaves_the_round_ended(OtherCompletion other) {
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
    void the_sender_is_still_live_and_the_next_round_has_to_wait_for_it() {
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
    void the_next_round_discards_an_outcome_that_nobody_read() {
        assertThat(future.cancel(false)).isTrue();
        assertThat(sender.send("unread")).isTrue();
        Sender<Object> next = receiver.sender();
        assertThat(receiver.tryReceive()).isNull();
        assertThat(next.send("value")).isTrue();
        assertThat(receiver.tryReceive()).isEqualTo("value");
        assertRoundIsOver();
    }

    @Test
    void a_blocking_receive_takes_over_and_may_time_out() throws Exception {
        assertThat(future.cancel(false)).isTrue();
        assertThatThrownBy(() -> receiver.receive(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
        Thread thread = new Thread(() -> assertThat(sender.send("value")).isTrue());
        thread.start();
        assertThat(receiver.receive()).isEqualTo("value");
        thread.join();
        assertRoundIsOver();
    }

    @Test
    void the_same_waker_as_before_the_future_is_registered_again() {
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
    void the_same_thread_as_before_the_future_is_registered_again() throws Exception {
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
    void a_supplier_that_throws_completes_the_future_as_it_would_any_other() {
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
    void a_supplier_whose_turn_comes_when_the_future_is_done_is_not_asked() {
        ManualExecutor queue = new ManualExecutor();
        AtomicReference<Object> asked = new AtomicReference<>();
        future.completeAsync(() -> asked.getAndSet("asked"), queue);
        assertThat(sender.send("value")).isTrue();
        assertThat(queue.runAll()).isEqualTo(1);
        assertThat(asked).hasNullValue();
        assertRoundIsOver();
    }

    @Test
    void the_arguments_of_completeAsync_must_not_be_null_and_nothing_has_changed_then() {
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
    void a_supplier_that_the_sender_overtakes_changes_nothing() {
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
    void a_null_exception_is_refused_and_nothing_has_changed_then() {
        assertThatNullPointerException().isThrownBy(() -> future.completeExceptionally(null));
        assertThatNullPointerException().isThrownBy(() -> future.obtrudeException(null));
        assertThat(future).isNotDone();
        assertThat(sender.send("value")).isTrue();
        assertThat(future).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @Test
    void a_supplier_that_throws_a_CompletionException_completes_the_future_as_it_would_any_other() {
        CompletionException thrown = new CompletionException(new IllegalStateException());
        future.completeAsync(
                () -> {
                    throw thrown;
                },
                Runnable::run);
        assertThatThrownBy(future::join).isSameAs(thrown);
    }
}
