package io.multishot;

import static io.multishot.Garbage.collectUntilGone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is still reachable when a round has ended. */
@Tag("leak")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class EndOfRoundTest {
    /** A method of its own, so that no frame of the caller holds the waker. */
    private static WeakReference<Waker> poll(Receiver<?> receiver) {
        Waker waker = new CountingWaker();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        return new WeakReference<>(waker);
    }

    private static WeakReference<Thread> waitOnAThread(Receiver<?> receiver) throws InterruptedException {
        Thread thread = new Thread(() -> {
            assertThatThrownBy(() -> receiver.receive(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
        });
        thread.start();
        thread.join();
        return new WeakReference<>(thread);
    }

    private static WeakReference<Object> send(Sender<Object> sender) {
        Object value = new Object();
        assertThat(sender.send(value)).isTrue();
        return new WeakReference<>(value);
    }

    private enum Ending implements Consumer<Receiver<?>> {
        ABANDON {
            @Override
            public void accept(Receiver<?> receiver) {
                assertThat(receiver.abandon()).isTrue();
            }
        },

        CLOSE {
            @Override
            public void accept(Receiver<?> receiver) {
                receiver.close();
            }
        },

        FUTURE {
            @Override
            public void accept(Receiver<?> receiver) {
                assertThat(receiver.receiveAsync()).isNotDone();
            }
        },
    }

    @ParameterizedTest
    @EnumSource
    void theWakerThatWaitedIsNotKept(Ending ending) {
        Receiver<Object> receiver = new Receiver<>();
        Sender<Object> sender = receiver.sender();
        WeakReference<Waker> waker = poll(receiver);
        ending.accept(receiver);
        collectUntilGone(waker, receiver, sender);
    }

    @ParameterizedTest
    @EnumSource
    void theThreadThatWaitedIsNotKept(Ending ending) throws InterruptedException {
        Receiver<Object> receiver = Receiver.recycling();
        Sender<Object> sender = receiver.sender();
        WeakReference<Thread> thread = waitOnAThread(receiver);
        ending.accept(receiver);
        collectUntilGone(thread, receiver, sender);
    }

    @ParameterizedTest
    @EnumSource
    void theWakerOfOnAbandonGoesWithItsRound(Level level) {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        WeakReference<Waker> waker = onAbandon(sender);
        sender.send("value");
        assertThat(receiver.take()).isEqualTo("value");
        collectUntilGone(waker, receiver, sender);
    }

    private static WeakReference<Waker> onAbandon(Sender<?> sender) {
        Waker waker = new CountingWaker();
        sender.onAbandon(waker);
        return new WeakReference<>(waker);
    }

    @ParameterizedTest
    @EnumSource
    void aValueThatWasTakenIsNotKept(Level level) {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        WeakReference<Object> value = send(sender);
        assertThat(receiver.tryReceive()).isNotNull();
        collectUntilGone(value, receiver, sender);
    }

    /** The receiver makes no call meanwhile. */
    @ParameterizedTest
    @EnumSource
    void aValueThatWentToAFutureIsNotKeptByASafeReceiver(Completion completion) {
        Receiver<Object> receiver = new Receiver<>();
        Sender<Object> sender = receiver.sender();
        WeakReference<Object> value = sendToFuture(receiver, sender, completion);
        collectUntilGone(value, receiver, sender);
        assertThat(receiver.trySender()).as("the round is over").isNotNull();
    }

    private enum Completion {
        VALUE,
        FAILURE
    }

    private static WeakReference<Object> sendToFuture(
            Receiver<Object> receiver, Sender<Object> sender, Completion completion) {
        CompletableFuture<Object> future = receiver.receiveAsync();
        if (completion == Completion.VALUE) {
            WeakReference<Object> value = send(sender);
            assertThat(future).isCompleted();
            return value;
        }
        Exception cause = new Exception("broken");
        assertThat(sender.fail(cause)).isTrue();
        assertThat(future).isCompletedExceptionally();
        return new WeakReference<>(cause);
    }

    @ParameterizedTest
    @EnumSource
    void aValueThatWentToAFutureIsNotKeptAfterTheNextCall(Level level) {
        Receiver<Object> receiver = level.receiver();
        Sender<Object> sender = receiver.sender();
        WeakReference<Object> value = sendToFuture(receiver, sender, Completion.VALUE);
        assertThat(receiver.poll(new CountingWaker())).isEqualTo(Poll.DROPPED);
        collectUntilGone(value, receiver, sender);
    }

    private enum Done {
        RECEIVED,
        CANCELLED
    }

    @ParameterizedTest
    @EnumSource
    void aFutureThatIsDoneKeepsNoLaterRound(Done done) {
        Receiver<Object> receiver = Receiver.recycling();
        Sender<Object> sender = receiver.sender();
        CompletableFuture<Object> future = receiver.receiveAsync();
        if (done == Done.RECEIVED) {
            sender.send("value");
            assertThat(receiver.trySender()).isNotNull();
        } else {
            future.cancel(false);
            assertThat(receiver.tryReceive()).isNull();
        }
        WeakReference<Object> later = send(sender(receiver, sender, done));
        WeakReference<Object> channel = new WeakReference<>(receiver);
        receiver = null;
        sender = null;
        collectUntilGone(channel, future);
        collectUntilGone(later, future);
    }

    /** Returns the sender of the round in progress, which is the one that was recycled, or the checked mode's own. */
    private static Sender<Object> sender(Receiver<Object> receiver, Sender<Object> first, Done done) {
        if (done == Done.CANCELLED || !Checks.LEAKS) {
            return first;
        }
        assertThat(receiver.abandon()).isTrue();
        return receiver.sender();
    }
}
