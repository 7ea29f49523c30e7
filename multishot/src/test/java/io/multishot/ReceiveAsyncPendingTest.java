package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the receiver does, and what keeps it going, while a future waits on its behalf. */
@ParameterizedClass
@EnumSource
class ReceiveAsyncPendingTest {
    /** Held, for loggers are weakly reachable else. The leaks here are made on purpose and need not be read. */
    private static final Logger LOG = Logger.getLogger("io.multishot");

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

    @AfterAll
    static void letOthersReadTheLog() {
        LOG.setUseParentHandlers(true);
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
    void derivedFuturesAreNobodysBusiness() {
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
    void theCallsThatAreOpenToAllNeitherThrowNorCompleteTheFuture() {
        assertThat(future.getNow("absent")).isEqualTo("absent");
        assertThat(future.isDone()).isFalse();
        assertThat(future.getNumberOfDependents()).isZero();
        assertThat(receiver.toString()).contains("owned by a future");
        assertThat(sender.toString()).contains("live");
        assertThat(sender.send("value")).isTrue();
        assertThat(future).isCompletedWithValue("value");
        assertRoundIsOver();
    }

    @Test
    @Tag("checked")
    @Tag("leak")
    void theFutureOfASenderThatNobodyCanReachAnyMoreLearnsThatItWasDropped() {
        sender = null;
        awaitLeak();
        assertRoundIsOver();
    }

    @Test
    @Tag("checked")
    @Tag("leak")
    void theFutureAloneKeepsTheChannelReachableSoThatItLearnsOfTheDrop() {
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
