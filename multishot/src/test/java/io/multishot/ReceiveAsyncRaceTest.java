package io.multishot;

import static io.multishot.SecondThread.require;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The sender and another thread complete a future concurrently. Each outcome is in the future, is in the channel, or
 * was refused. The receiver begins its next round at once, while the sender's thread may still be inside the call that
 * ended the previous one: the next round must not be disturbed.
 */
@Tag("race")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
@ParameterizedClass
@EnumSource
class ReceiveAsyncRaceTest {
    private static final int ROUNDS = 100_000;
    private static final Object PENDING = "pending";
    private static final Object DROPPED = "dropped";

    @Parameter
    Level level;

    private final SecondThread<Boolean> second = new SecondThread<>();

    @AfterEach
    void stop() {
        second.close();
    }

    /** Takes the outcome: a value, the cause of a failure, or DROPPED. Returns PENDING if there is none. */
    private static Object taken(Receiver<Object> receiver) {
        try {
            Object value = receiver.tryReceive();
            return value == null ? PENDING : value;
        } catch (SenderFailedException failed) {
            return failed.getCause();
        } catch (SenderDroppedException dropped) {
            return DROPPED;
        }
    }

    /** Takes the outcome as soon as the sender's thread has stored it. */
    private static Object awaitTaken(Receiver<Object> receiver) {
        SecondThread.Backoff backoff = new SecondThread.Backoff();
        Object taken;
        while ((taken = taken(receiver)) == PENDING) {
            backoff.once("the outcome was lost");
        }
        return taken;
    }

    /** Returns what a future was completed with: a value, the cause of a failure, or DROPPED. */
    private static Object received(CompletableFuture<Object> future) {
        require(future.isDone(), "done", -1);
        return future.handle((value, thrown) -> {
                    if (thrown == null) {
                        return value;
                    }
                    return thrown instanceof SenderDroppedException ? DROPPED : thrown;
                })
                .join();
    }

    private record Round(Sender<Object> sender, CountingWaker waker) {}

    /** Begins the next round and registers a waker, while the last sender's thread may still be inside its call. */
    private static Round begin(Receiver<Object> receiver) {
        Sender<Object> sender = receiver.sender();
        CountingWaker waker = new CountingWaker();
        require(receiver.poll(waker) == Poll.PENDING, "a fresh round", -1);
        return new Round(sender, waker);
    }

    /** Checks that no thread has touched a round since it began, and ends it. */
    private static void requireUndisturbed(Receiver<Object> receiver, Round round, int number) {
        require(round.waker.count() == 0, "no wake-up", number);
        require(receiver.poll(round.waker) == Poll.PENDING, "the next sender is unused", number);
        Object value = new Object();
        require(round.sender.send(value) && round.waker.count() == 1, "the next round works", number);
        require(receiver.take() == value, "its value", number);
    }

    /** Consumes the sender in one of the three ways. */
    private enum Use {
        SEND {
            @Override
            boolean apply(Sender<Object> sender, Object outcome) {
                return sender.send(outcome);
            }

            @Override
            Object outcome() {
                return new Object();
            }
        },

        FAIL {
            @Override
            boolean apply(Sender<Object> sender, Object outcome) {
                return sender.fail((Throwable) outcome);
            }

            @Override
            Object outcome() {
                return new CancellationException();
            }
        },

        DROP {
            @Override
            boolean apply(Sender<Object> sender, Object outcome) {
                return sender.drop();
            }

            @Override
            Object outcome() {
                return DROPPED;
            }
        };

        abstract boolean apply(Sender<Object> sender, Object outcome);

        abstract Object outcome();
    }

    /** Tries to complete the future; returns whether it succeeded, or null if that cannot be known. */
    private interface Attempt {
        @Nullable Boolean on(CompletableFuture<Object> future, Object outcome);
    }

    private void raceAgainst(Use use, Attempt attempt) {
        Receiver<Object> receiver = level.receiver();
        RoundLimit limit = new RoundLimit(ROUNDS);
        for (int i = 0; limit.allows(i); i++) {
            Sender<Object> sender = receiver.sender();
            CompletableFuture<Object> future = receiver.receiveAsync();
            AtomicInteger completions = new AtomicInteger();
            CompletableFuture<Object> dependent = future.whenComplete((value, thrown) -> completions.incrementAndGet());
            Object outcome = use.outcome();
            second.start(() -> use.apply(sender, outcome));
            second.pause(i);
            Boolean won = attempt.on(future, outcome);
            require(future.isDone(), "done after the attempt", i);
            Object taken = awaitTaken(receiver);
            if (won != null && won) {
                require(taken == outcome, "left in the channel", i);
            } else if (won != null) {
                require(received(future) == outcome, "received through the future", i);
                require(taken == DROPPED, "the round is over", i);
            }
            Round next = begin(receiver);
            require(second.join(), "the round was not abandoned", i);
            require(dependent.isDone() && completions.get() == 1, "completed once", i);
            requireUndisturbed(receiver, next, i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeAgainstACancelIsInTheFutureOrInTheChannel(Use use) {
        raceAgainst(use, (future, outcome) -> {
            boolean cancelled = future.cancel(false);
            // cancel is also true if the sender failed with a CancellationException: then that is in the future
            return cancelled && received(future) != outcome;
        });
    }

    @Test
    void aValueAgainstAnotherValueIsInTheFutureOrInTheChannel() {
        Object other = new Object();
        raceAgainst(Use.SEND, (future, outcome) -> future.complete(other));
    }

    @Test
    void aValueAgainstTheVerySameValueIsInTheFutureOrInTheChannel() {
        raceAgainst(Use.SEND, CompletableFuture::complete);
    }

    @Test
    void aValueAgainstAnObtrudedOneLeavesTheNextRoundAlone() {
        Object other = new Object();
        raceAgainst(Use.SEND, (future, outcome) -> {
            future.obtrudeValue(other);
            require(future.join() == other, "obtruded", -1);
            return null;
        });
    }

    @Test
    void aValueAgainstAbandonIsReceivedDiscardedOrRefused() {
        Receiver<Object> receiver = level.receiver();
        RoundLimit limit = new RoundLimit(ROUNDS);
        for (int i = 0; limit.allows(i); i++) {
            Sender<Object> sender = receiver.sender();
            CompletableFuture<Object> future = receiver.receiveAsync();
            Object value = new Object();
            second.start(() -> sender.send(value));
            second.pause(i);
            boolean abandoned = receiver.abandon();
            require(future.isDone(), "done after abandon", i);
            Round next = begin(receiver);
            require(second.join() != abandoned, "sent or abandoned", i);
            require(future.isCancelled() || !abandoned, "abandon cancels the future", i);
            require(future.isCancelled() || future.join() == value, "received", i);
            requireUndisturbed(receiver, next, i);
        }
    }

    @Test
    void aValueAgainstCloseIsReceivedDiscardedOrRefused() {
        RoundLimit limit = new RoundLimit(ROUNDS);
        for (int i = 0; limit.allows(i); i++) {
            Receiver<Object> receiver = level.receiver();
            Sender<Object> sender = receiver.sender();
            CompletableFuture<Object> future = receiver.receiveAsync();
            Object value = new Object();
            second.start(() -> sender.send(value));
            second.pause(i);
            receiver.close();
            require(future.isDone(), "done after close", i);
            boolean cancelled = future.isCancelled();
            boolean sent = second.join();
            require(future.isCancelled() == cancelled, "cancelled for good, or not", i);
            require(cancelled || sent && future.join() == value, "received", i);
            require(sent || !sender.send(value) && sender.isAbandoned(), "detached", i);
            require(receiver.isClosed(), "closed", i);
        }
    }
}
