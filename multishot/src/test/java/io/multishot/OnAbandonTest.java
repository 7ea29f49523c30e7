package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Sender#onAbandon}: the sender's side is notified that the receiver has abandoned the round. */
class OnAbandonTest {
    @ParameterizedTest
    @EnumSource
    void theLastOneRegisteredIsCalledOnceOnTheReceiversThread(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        CountingWaker replaced = new CountingWaker();
        List<Thread> calls = new ArrayList<>();
        sender.onAbandon(replaced);
        sender.onAbandon(() -> {
            calls.add(Thread.currentThread());
            assertThat(sender.isAbandoned()).isTrue();
            assertThat(sender.send("late")).isFalse();
        });
        assertThat(receiver.abandon()).isTrue();
        assertThat(calls).containsExactly(Thread.currentThread());
        receiver.abandon();
        receiver.close();
        assertThat(sender.drop()).isFalse();
        assertThat(calls).hasSize(1);
        assertThat(replaced.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void closeCallsItAsWell(Level level) {
        Receiver<String> receiver = level.receiver();
        CountingWaker waker = new CountingWaker();
        receiver.sender().onAbandon(waker);
        receiver.close();
        receiver.close();
        assertThat(waker.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void afterTheAbandonmentItIsCalledAtOnceOnTheCallersThread(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        receiver.abandon();
        CountingWaker waker = new CountingWaker();
        sender.onAbandon(waker);
        assertThat(waker.count()).isEqualTo(1);
        AtomicReference<Thread> calledOn = new AtomicReference<>();
        Thread thread = new Thread(() -> sender.onAbandon(() -> calledOn.set(Thread.currentThread())));
        thread.start();
        thread.join();
        assertThat(calledOn).hasValue(thread);
        receiver.close();
        assertThat(waker.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void itIsNotCalledIfTheSenderWasConsumedBefore(Level level) {
        Receiver<String> receiver = level.receiver();
        CountingWaker waker = new CountingWaker();
        Sender<String> sender = receiver.sender();
        sender.onAbandon(waker);
        sender.send("value");
        sender.onAbandon(waker);
        assertThat(receiver.abandon()).isFalse();
        Sender<String> failed = receiver.sender();
        failed.onAbandon(waker);
        failed.fail(new Exception());
        receiver.close();
        assertThat(waker.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aRecycledSenderStartsWithoutIt(Level level) {
        Receiver<String> receiver = level.receiver();
        CountingWaker waker = new CountingWaker();
        Sender<String> taken = receiver.sender();
        taken.onAbandon(waker);
        taken.send("value");
        assertThat(receiver.take()).isEqualTo("value");
        Sender<String> next = receiver.sender();
        next.send("value");
        assertThat(receiver.take()).isEqualTo("value");
        Sender<String> discarded = receiver.sender();
        assertThat(receiver.abandon()).as("two rounds later").isTrue();
        assertThat(discarded.isAbandoned()).isTrue();
        assertThat(waker.count()).isZero();

        discarded = receiver.sender();
        discarded.onAbandon(waker);
        discarded.send("value");
        assertThat(receiver.sender().isAbandoned()).isFalse();
        assertThat(receiver.abandon()).as("after an outcome that was not taken").isTrue();
        assertThat(waker.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aNullWakerChangesNothing(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        CountingWaker waker = new CountingWaker();
        sender.onAbandon(waker);
        assertThatThrownBy(() -> sender.onAbandon(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("waker");
        receiver.abandon();
        assertThat(waker.count()).isEqualTo(1);
        assertThatThrownBy(() -> sender.onAbandon(null)).isInstanceOf(NullPointerException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aWakerThatThrowsHarmsNeitherSide(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        List<Throwable> thrown = Throwables.ofEveryKind().toList();
        List<Throwable> handled = new ArrayList<>();
        List<Throwable> escaped = new ArrayList<>();
        Thread thread = new Thread(() -> {
            for (Throwable each : thrown) {
                try {
                    Sender<String> sender = receiver.sender();
                    sender.onAbandon(() -> {
                        throw Throwables.sneakyThrow(each);
                    });
                    assertThat(receiver.abandon()).isTrue();
                    sender.onAbandon(() -> {
                        throw Throwables.sneakyThrow(each);
                    });
                } catch (Throwable escape) {
                    escaped.add(escape);
                }
            }
        });
        thread.setUncaughtExceptionHandler((on, what) -> {
            handled.add(what);
            throw new IllegalStateException("of the handler");
        });
        thread.start();
        thread.join();
        assertThat(escaped).isEmpty();
        assertThat(handled).hasSize(2 * thrown.size()).containsAll(thrown);
        receiver.sender().send("next");
        assertThat(receiver.take()).isEqualTo("next");
    }

    @ParameterizedTest
    @EnumSource
    void itMayCallIntoTheReceiver(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        AtomicReference<Sender<String>> next = new AtomicReference<>();
        sender.onAbandon(() -> next.set(receiver.sender()));
        assertThat(receiver.abandon()).isTrue();
        assertThat(next.get().send("next")).isTrue();
        assertThat(receiver.take()).isEqualTo("next");

        Sender<String> last = receiver.sender();
        List<Boolean> closed = new ArrayList<>();
        last.onAbandon(() -> closed.add(receiver.isClosed()));
        receiver.close();
        assertThat(closed).containsExactly(true);
    }

    @ParameterizedTest
    @EnumSource
    void itIsCalledWhenAFutureOwnedTheRound(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        CompletableFuture<String> future = receiver.receiveAsync();
        CountingWaker waker = new CountingWaker();
        sender.onAbandon(waker);
        future.cancel(false);
        assertThat(waker.count())
                .as("the outcome of a cancelled future stays wanted")
                .isZero();
        assertThat(receiver.abandon()).isTrue();
        assertThat(waker.count()).isEqualTo(1);

        Sender<String> another = receiver.sender();
        CompletableFuture<String> pending = receiver.receiveAsync();
        another.onAbandon(waker);
        assertThat(receiver.abandon()).isTrue();
        assertThat(pending).isCancelled();
        assertThat(waker.count()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aRoundThatIsPolledAndTakenIsNotAbandoned(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        CountingWaker waker = new CountingWaker();
        sender.onAbandon(waker);
        assertThat(receiver.tryReceive()).isNull();
        assertThat(receiver.trySender()).isNull();
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.PENDING);
        assertThat(waker.count()).isZero();
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.take()).isEqualTo("value");
        assertThat(waker.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("leak")
    void aStaleSenderDoesNotKeepTheWakerReachable(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> stale = receiver.sender();
        WeakReference<Waker> waker = registered(stale);
        stale.send("over");
        Sender<String> next = receiver.sender();
        await().until(() -> {
            System.gc();
            return waker.refersTo(null);
        });
        Reference.reachabilityFence(stale);
        Reference.reachabilityFence(next);
    }

    private static WeakReference<Waker> registered(Sender<String> sender) {
        Waker waker = new CountingWaker();
        sender.onAbandon(waker);
        return new WeakReference<>(waker);
    }
}
