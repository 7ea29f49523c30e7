package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import io.multishot.verification.WakeCounter;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A future waits for the round while its sender is used, the future is cancelled, or the round abandoned. */
@Tag("interleavings")
class ReceiveAsyncInterleavingsTest {
    @ParameterizedTest
    @EnumSource
    void receiveAsyncAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            Sender<String> sender = receiver.sender();
            ScenarioThread<Boolean> sending = ScenarioThread.start(() -> sender.send("value"), receiver, sender);

            CompletableFuture<String> future = receiver.receiveAsync();

            Require.that(sending.join(), "the value is handed over");
            Require.that(
                    "value".equals(future.getNow(null)), "the future is completed by the sender, or from the start");
            Require.that(receiver.trySender() != null, "that ends the round");
        });
    }

    /** A successful cancel leaves the value in the channel. The sender puts nothing back, not even a round later. */
    @ParameterizedTest
    @EnumSource
    void cancelAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            WakeCounter waker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            CompletableFuture<String> future = receiver.receiveAsync();
            ScenarioThread<Boolean> sending =
                    ScenarioThread.start(() -> sender.send("value"), receiver, sender, future, waker);

            boolean cancelled = future.cancel(false);
            if (cancelled) {
                Poll polled = receiver.poll(waker);
                if (polled == Poll.READY) {
                    Require.that(receiver.take().equals("value"), "after a successful cancel the value stays unread");
                    nextRound(receiver, waker);
                    Require.that(sending.join(), "the value is handed over");
                } else {
                    Require.that(sending.join(), "the value is handed over");
                    Require.that(waker.calls() == 1, "the waker that followed the future is called");
                    Require.that(receiver.take().equals("value"), "after a successful cancel the value stays unread");
                }
            } else {
                Require.that(
                        future.getNow(null).equals("value"),
                        "a sender that wins against the cancel completes the future");
                Require.that(receiver.poll(waker) == Poll.DROPPED, "and ends the round: nothing is received twice");
                nextRound(receiver, waker);
                Require.that(sending.join(), "the value is handed over");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void abandonAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            WakeCounter waker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            CompletableFuture<String> future = receiver.receiveAsync();
            ScenarioThread<Boolean> sending =
                    ScenarioThread.start(() -> sender.send("value"), receiver, sender, future, waker);

            boolean detached = receiver.abandon();
            Require.that(future.isDone(), "no future stays pending forever");
            nextRound(receiver, waker);

            Require.that(sending.join() != detached, "handed over or detached, never both, never neither");
            Require.that(!detached || future.isCancelled(), "the future of a detached round is cancelled");
            Require.that(
                    future.isCancelled() || future.getNow(null).equals("value"), "no other value than the sent one");
        });
    }

    /** Cancelled by one thread and abandoned by another, while a third one sends. */
    @ParameterizedTest
    @EnumSource
    void cancelAndAbandonAgainstSend(ReceiverKind kind) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = kind.receiver();
            WakeCounter waker = new WakeCounter();
            Sender<String> sender = receiver.sender();
            CompletableFuture<String> future = receiver.receiveAsync();
            ScenarioThread<Boolean> sending =
                    ScenarioThread.start(() -> sender.send("value"), receiver, sender, future, waker);
            ScenarioThread<Boolean> cancelling = ScenarioThread.start(() -> future.cancel(false), future);

            boolean detached = receiver.abandon();
            nextRound(receiver, waker);

            boolean cancelled = cancelling.join();
            Require.that(sending.join() != detached, "handed over or detached, never both, never neither");
            Require.that(
                    future.isDone() && (!cancelled || future.isCancelled()),
                    "after a successful cancel the future is cancelled");
        });
    }

    /** Plays a next round, which must work whatever the last sender's thread still does. */
    private static void nextRound(Receiver<String> receiver, WakeCounter waker) {
        Sender<String> next = receiver.sender();
        Require.that(receiver.poll(waker) == Poll.PENDING, "the next round begins without an outcome");
        Require.that(next.send("next") && waker.calls() == 1, "its sender wakes its waker");
        Require.that(receiver.take().equals("next"), "it has its own value");
    }
}
