package io.multishot.verification.lincheck;

import io.multishot.Poll;
import io.multishot.Receiver;
import io.multishot.Sender;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A future waits for the round while its sender is being used, and somebody has second thoughts. */
@Tag("interleavings")
class FutureTest {
    @ParameterizedTest
    @EnumSource
    void receiveAsyncAgainstSend(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            Sender<String> sender = receiver.sender();
            Party<Boolean> sending = Party.start(() -> sender.send("value"), receiver, sender);

            CompletableFuture<String> future = receiver.receiveAsync();

            Check.that(sending.join(), "the value is handed over");
            Check.that("value".equals(future.getNow(null)), "the future is completed by the sender, or from the start");
            Check.that(receiver.trySender() != null, "that ends the round");
        });
    }

    /** A cancel that succeeds leaves the value in the channel; the sender puts nothing back, also not a round later. */
    @ParameterizedTest
    @EnumSource
    void cancelAgainstSend(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            CountingWaker waker = new CountingWaker();
            Sender<String> sender = receiver.sender();
            CompletableFuture<String> future = receiver.receiveAsync();
            Party<Boolean> sending = Party.start(() -> sender.send("value"), receiver, sender, future, waker);

            boolean cancelled = future.cancel(false);
            if (cancelled) {
                Poll polled = receiver.poll(waker);
                if (polled == Poll.READY) {
                    Check.that(receiver.take().equals("value"), "who loses to the cancel leaves the value unread");
                    nextRound(receiver, waker);
                    Check.that(sending.join(), "the value is handed over");
                } else {
                    Check.that(sending.join(), "the value is handed over");
                    Check.that(waker.calls() == 1, "the waker that followed the future is called");
                    Check.that(receiver.take().equals("value"), "who loses to the cancel leaves the value unread");
                }
            } else {
                Check.that(future.getNow(null).equals("value"), "who wins against the cancel completes the future");
                Check.that(receiver.poll(waker) == Poll.DROPPED, "and ends the round: nothing is received twice");
                nextRound(receiver, waker);
                Check.that(sending.join(), "the value is handed over");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void abandonAgainstSend(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            CountingWaker waker = new CountingWaker();
            Sender<String> sender = receiver.sender();
            CompletableFuture<String> future = receiver.receiveAsync();
            Party<Boolean> sending = Party.start(() -> sender.send("value"), receiver, sender, future, waker);

            boolean detached = receiver.abandon();
            Check.that(future.isDone(), "no future stays pending for ever");
            nextRound(receiver, waker);

            Check.that(sending.join() != detached, "handed over or detached, never both, never neither");
            Check.that(!detached || future.isCancelled(), "the future of a detached round is cancelled");
            Check.that(future.isCancelled() || future.getNow(null).equals("value"), "no other value than the sent one");
        });
    }

    /** Cancelled by one thread and abandoned by another, while a third one sends. */
    @ParameterizedTest
    @EnumSource
    void cancelAndAbandonAgainstSend(Level level) {
        Interleavings.explore(() -> {
            Receiver<String> receiver = level.receiver();
            CountingWaker waker = new CountingWaker();
            Sender<String> sender = receiver.sender();
            CompletableFuture<String> future = receiver.receiveAsync();
            Party<Boolean> sending = Party.start(() -> sender.send("value"), receiver, sender, future, waker);
            Party<Boolean> cancelling = Party.start(() -> future.cancel(false), future);

            boolean detached = receiver.abandon();
            nextRound(receiver, waker);

            boolean cancelled = cancelling.join();
            Check.that(sending.join() != detached, "handed over or detached, never both, never neither");
            Check.that(future.isDone() && (!cancelled || future.isCancelled()), "who cancelled finds it cancelled");
        });
    }

    /** The next round works, whatever the last sender's thread may still be doing. */
    private static void nextRound(Receiver<String> receiver, CountingWaker waker) {
        Sender<String> next = receiver.sender();
        Check.that(receiver.poll(waker) == Poll.PENDING, "the next round begins without an outcome");
        Check.that(next.send("next") && waker.calls() == 1, "its sender wakes its waker");
        Check.that(receiver.take().equals("next"), "it has its own value");
    }
}
