package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Receiver#receiveAsync} while its future is pending, and when the sender completes it. */
@ParameterizedClass
@EnumSource
class ReceiveAsyncTest {
    /**
     * Held, because loggers are weakly reachable otherwise. The leaks here are intended, so their log is suppressed.
     */
    private static final Logger LOG = Logger.getLogger("io.multishot");

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

    @AfterAll
    static void restoreLog() {
        LOG.setUseParentHandlers(true);
    }

    /** Returns what a future was completed with, not wrapped. */
    private static Throwable cause(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        return future.handle((value, thrown) -> thrown).join();
    }

    private void assertRoundIsOver() {
        assertThat(receiver.poll(new CountingWaker())).isEqualTo(Poll.DROPPED);
        assertThatThrownBy(receiver::tryReceive).isInstanceOf(SenderDroppedException.class);
        Object value = new Object();
        Sender<Object> next = receiver.sender();
        CountingWaker waker = new CountingWaker();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        assertThat(next.send(value)).isTrue();
        assertThat(waker.count()).isEqualTo(1);
        assertThat(receiver.take()).isSameAs(value);
    }

    // ------------------------------------------------------------------ pending

    @Test
    void untilTheFutureIsDoneTheReceiverBelongsToIt() {
        List<ThrowingCallable> refused = List.of(
                () -> receiver.poll(new CountingWaker()),
                receiver::take,
                receiver::tryReceive,
                receiver::receive,
                () -> receiver.receive(Duration.ofDays(1)),
                () -> receiver.receive(Duration.ZERO),
                receiver::receiveUninterruptibly,
                receiver::receiveAsync,
                receiver::sender);
        for (int repeat = 0; repeat < 2; repeat++) {
            for (ThrowingCallable call : refused) {
                assertThatIllegalStateException()
                        .isThrownBy(call)
                        .withMessageContaining(
                                "this receiver belongs to the future of receiveAsync() until that is done");
            }
            assertThat(receiver.trySender()).isNull();
            assertThat(receiver.isClosed()).isFalse();
            assertThat(receiver).hasToString("Receiver[owned by a future]");
            assertThat(sender.isAbandoned()).isFalse();
            assertThat(future).isNotDone();
        }
        assertThat(sender.send("value")).isTrue();
        assertThat(future).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @Test
    void completingADerivedFutureLeavesTheRoundAlone() {
        CompletableFuture<Object> applied = future.thenApply(value -> value + "!");
        CompletableFuture<Object> copy = future.copy();
        CompletableFuture<Object> minimal = future.minimalCompletionStage().toCompletableFuture();
        CompletableFuture<Object> cancelled = future.thenApply(value -> value);
        CompletableFuture<Object> composed =
                CompletableFuture.completedFuture(0).thenCompose(zero -> future);
        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(copy.complete("other")).isTrue();
        assertThat(future).isNotDone();
        assertThat(receiver.trySender()).isNull();

        assertThat(sender.send("value")).isTrue();
        assertThat(future).isCompletedWithValue("value");
        assertThat(applied).isCompletedWithValue("value!");
        assertThat(copy).isCompletedWithValue("other");
        assertThat(minimal).isCompletedWithValue("value");
        assertThat(composed).isCompletedWithValue("value");
        assertThat(cancelled).isCancelled();
        assertRoundIsOver();
    }

    @Test
    void queriesOfTheFutureDoNotCompleteIt() {
        assertThat(future.getNow("absent")).isEqualTo("absent");
        assertThat(future.isDone()).isFalse();
        assertThat(future.getNumberOfDependents()).isZero();
        assertThat(sender.toString()).contains("live");
        assertThat(sender.send("value")).isTrue();
        assertThat(future).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @Test
    void aFutureAfterAPollReplacesTheWaker() {
        assertThat(sender.drop()).isTrue();
        Sender<Object> next = receiver.sender();
        CountingWaker waker = new CountingWaker();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        CompletableFuture<Object> second = receiver.receiveAsync();
        assertThat(next.send("value")).isTrue();
        assertThat(second).isCompletedWithValue("value");
        assertThat(waker.count()).isZero();
        assertRoundIsOver();
    }

    // ------------------------------------------------------------------ the outcome

    @Test
    void theFutureGetsTheValueAndThatEndsTheRound() {
        assertThat(future).isNotDone();
        Object value = new Object();
        assertThat(sender.send(value)).isTrue();
        assertThat(future).isCompleted();
        assertThat(future.join()).isSameAs(value);
        assertRoundIsOver();
    }

    @ParameterizedTest
    @MethodSource("io.multishot.Throwables#ofEveryKind")
    void theFutureGetsTheVeryCauseOfFailAndThatEndsTheRound(Throwable thrown) {
        assertThat(sender.fail(thrown)).isTrue();
        assertThat(cause(future)).isSameAs(thrown);
        assertRoundIsOver();
    }

    @Test
    void theFutureOfADroppedSenderFailsAndThatEndsTheRound() {
        assertThat(sender.drop()).isTrue();
        assertThat(cause(future)).isInstanceOf(SenderDroppedException.class);
        assertRoundIsOver();
    }

    @Test
    void aFailureWithACancellationExceptionEndsTheRoundToo() {
        CancellationException thrown = new CancellationException();
        assertThat(sender.fail(thrown)).isTrue();
        assertThat(cause(future)).isSameAs(thrown);
        assertRoundIsOver();
    }

    @Test
    void aFailureWithACompletionExceptionIsNotUnwrapped() {
        CompletionException thrown = new CompletionException(new IllegalStateException());
        assertThat(sender.fail(thrown)).isTrue();
        assertThat(cause(future)).isSameAs(thrown);
        assertRoundIsOver();
    }

    @Test
    void anOutcomeThatIsThereCompletesTheFutureAtOnce() {
        assertThat(sender.drop()).isTrue();
        assertThat(receiver.sender().send("value")).isTrue();
        assertThat(receiver.receiveAsync()).isCompletedWithValue("value");
        assertRoundIsOver();

        Exception thrown = new Exception();
        assertThat(receiver.sender().fail(thrown)).isTrue();
        assertThat(cause(receiver.receiveAsync())).isSameAs(thrown);
        assertRoundIsOver();

        assertThat(receiver.sender().drop()).isTrue();
        assertThat(cause(receiver.receiveAsync()))
                .isInstanceOf(SenderDroppedException.class)
                .hasMessage(Errors.dropped().getMessage());
        assertRoundIsOver();
    }

    @Test
    void withoutARoundTheFutureFailsAtOnce() {
        receiver = level.receiver();
        assertThat(cause(receiver.receiveAsync())).isInstanceOf(SenderDroppedException.class);
        assertRoundIsOver();
        assertThat(cause(receiver.receiveAsync())).isInstanceOf(SenderDroppedException.class);
        assertRoundIsOver();
    }

    @Test
    void onAClosedReceiverItThrows() {
        receiver.close();
        assertThatIllegalStateException()
                .isThrownBy(receiver::receiveAsync)
                .withMessageContaining("this receiver is closed");
    }

    @Test
    void aSecondUseOfTheSenderThrowsAndTheFutureKeepsTheFirstOutcome() {
        assertThat(sender.send("first")).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> sender.send("second"))
                .withMessageContaining("sender already consumed");
        assertThat(future).isCompletedWithValue("first");
        assertRoundIsOver();
    }

    @Test
    void aThousandRoundsThroughFuturesWork() {
        assertThat(sender.drop()).isTrue();
        for (int i = 0; i < 1_000; i++) {
            Sender<Object> next = receiver.sender();
            CompletableFuture<Object> received = receiver.receiveAsync();
            assertThat(next.send(i)).isTrue();
            assertThat(received).isCompletedWithValue(i);
        }
        assertRoundIsOver();
    }

    // ------------------------------------------------------------------ dependents, on the sender's thread

    @Test
    void dependentsRunOnTheSendersThreadBeforeSendReturns() throws Exception {
        AtomicReference<Thread> ranOn = new AtomicReference<>();
        CompletableFuture<Void> dependent = future.thenAccept(value -> ranOn.set(Thread.currentThread()));
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
        assertThat(receiver.abandon()).isTrue();
        List<Object> received = new ArrayList<>();
        List<Sender<Object>> senders = new ArrayList<>();
        nextRound(senders, received);
        for (int i = 0; i < 100; i++) {
            assertThat(senders).hasSize(i + 1);
            assertThat(senders.get(i).send(i)).isTrue();
            assertThat(received).hasSize(i + 1).last().isEqualTo(i);
        }
        assertThat(receiver.abandon()).isTrue();
    }

    private void nextRound(List<Sender<Object>> senders, List<Object> received) {
        senders.add(receiver.sender());
        receiver.receiveAsync().thenAccept(value -> {
            received.add(value);
            nextRound(senders, received);
        });
    }

    @Test
    void aDependentFindsTheRoundOverAndMayRunAWholeOne() {
        CompletableFuture<Object> dependent = future.thenApply(value -> {
            assertRoundIsOver();
            return value;
        });
        assertThat(sender.send("value")).isTrue();
        assertThat(dependent).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @Test
    void aDependentMayCloseTheReceiver() {
        CompletableFuture<Boolean> dependent = future.thenApply(value -> {
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
        CompletableFuture<Void> dependent = future.thenAccept(value -> {
            throw new AssertionError("dependent");
        });
        assertThat(sender.send("value")).isTrue();
        assertThat(dependent).isCompletedExceptionally();
        assertRoundIsOver();
    }

    // ------------------------------------------------------------------ leaks

    @Test
    @Tag("checked")
    @Tag("leak")
    void theFutureOfALeakedSenderFails() {
        sender = null;
        awaitLeak();
        assertRoundIsOver();
    }

    @Test
    @Tag("checked")
    @Tag("leak")
    void theFutureAloneKeepsTheChannelReachable() {
        WeakReference<Object> gone = new WeakReference<>(receiver);
        receiver = null;
        sender = null;
        awaitLeak();
        assertThat(gone.refersTo(null)).isTrue();
    }

    private void awaitLeak() {
        LOG.setUseParentHandlers(false);
        await().until(() -> {
            System.gc();
            return future.isDone();
        });
        assertThatThrownBy(future::join).hasCauseInstanceOf(SenderDroppedException.class);
    }
}
