package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The sender and somebody else complete a future at the same moment. Each outcome is accounted for: the future has it,
 * or the channel, or nobody wanted it. The receiver goes on to its next round at once, while the sender's thread may
 * still be inside the call that ended this one; whatever that thread has yet to do, the next round must not notice.
 */
@ParameterizedClass
@EnumSource
class ReceiveAsyncRaceTest {
    private static final int ROUNDS = 20_000;

    /** On a machine that is busy with other things fewer rounds have to do. */
    private final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);

    private static final long HANG = TimeUnit.SECONDS.toNanos(20);

    @Parameter
    Level level;

    private final Duo duo = new Duo();

    @AfterEach
    void stop() {
        duo.close();
    }

    /** What a round came to. */
    private static final Object PENDING = "pending";

    private static final Object DROPPED = "dropped";

    /** Takes what the channel has, if it has anything: a value, the cause of a failure, or DROPPED. */
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

    /** Takes the outcome that is in the channel, or will be when the sender's thread gets so far. */
    private static Object awaitTaken(Receiver<Object> receiver) {
        long start = System.nanoTime();
        Object taken;
        while ((taken = taken(receiver)) == PENDING) {
            if (System.nanoTime() - start > HANG) {
                throw new AssertionError("the outcome was lost");
            }
            Thread.yield();
        }
        return taken;
    }

    /** What a future that is done has: a value, the cause of a failure, or DROPPED. */
    private static Object received(CompletableFuture<Object> future) {
        assertThat(future.isDone()).as("done").isTrue();
        return future.handle((value, thrown) -> {
                    if (thrown == null) {
                        return value;
                    }
                    return thrown instanceof SenderDroppedException ? DROPPED : thrown;
                })
                .join();
    }

    private record Round(Object outcome, Sender<Object> next, CountingWaker waker) {}

    /** Begins the next round and waits in it. To be called while the last one's sender may still be at it. */
    private static Round thenBegin(Receiver<Object> receiver, Object outcome) {
        Sender<Object> next = receiver.sender();
        CountingWaker waker = new CountingWaker();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        return new Round(outcome, next, waker);
    }

    /** The round that was begun is as it was: nobody has touched it. Ends it. */
    private static void assertUndisturbed(Receiver<Object> receiver, Round round) {
        assertThat(round.waker.count()).isZero();
        assertThat(receiver.poll(round.waker)).isEqualTo(Poll.PENDING);
        Object value = new Object();
        assertThat(round.next.send(value)).isTrue();
        assertThat(round.waker.count()).isEqualTo(1);
        assertThat(receiver.take()).isSameAs(value);
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

    /** Somebody tries to complete the future; true if it was completed so, null if there is no telling. */
    private interface Attempt {
        @Nullable Boolean on(CompletableFuture<Object> future, Object outcome);
    }

    private void raceAgainst(Use use, Attempt attempt) throws Exception {
        Receiver<Object> receiver = level.receiver();
        for (int i = 0; i < ROUNDS && System.nanoTime() - deadline < 0; i++) {
            Sender<Object> sender = receiver.sender();
            CompletableFuture<Object> future = receiver.receiveAsync();
            AtomicInteger completions = new AtomicInteger();
            CompletableFuture<Object> dependent = future.whenComplete((value, thrown) -> completions.incrementAndGet());
            Object outcome = use.outcome();
            Callable<Round> receiving = () -> {
                Boolean won = attempt.on(future, outcome);
                assertThat(future.isDone()).as("done after the attempt").isTrue();
                Object taken = awaitTaken(receiver);
                if (won != null && won) {
                    assertThat(taken).as("left in the channel").isSameAs(outcome);
                } else if (won != null) {
                    assertThat(received(future)).isSameAs(outcome);
                    assertThat(taken).as("received through the future").isSameAs(DROPPED);
                }
                return thenBegin(receiver, taken);
            };
            Duo.Results<Boolean, Round> results = duo.race(() -> use.apply(sender, outcome), receiving);
            assertThat(results.first()).as("nobody gave the round up").isTrue();
            assertThat(dependent.isDone()).isTrue();
            assertThat(completions).hasValue(1);
            assertUndisturbed(receiver, results.second());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeAgainstACancelIsInTheFutureOrInTheChannel(Use use) throws Exception {
        raceAgainst(use, (future, outcome) -> {
            boolean cancelled = future.cancel(false);
            // Also true if the sender failed with a CancellationException: then it depends on whose that is.
            return cancelled && received(future) != outcome;
        });
    }

    @Test
    void aValueAgainstAnotherValueIsInTheFutureOrInTheChannel() throws Exception {
        Object other = new Object();
        raceAgainst(Use.SEND, (future, outcome) -> future.complete(other));
    }

    @Test
    void aValueAgainstTheVerySameValueIsInTheFutureOrInTheChannel() throws Exception {
        raceAgainst(Use.SEND, CompletableFuture::complete);
    }

    @Test
    void aValueAgainstAnObtrudedOneLeavesTheNextRoundAlone() throws Exception {
        Object other = new Object();
        raceAgainst(Use.SEND, (future, outcome) -> {
            future.obtrudeValue(other);
            assertThat(future.join()).isSameAs(other);
            return null;
        });
    }

    @Test
    void aValueAgainstAbandonIsReceivedOrDiscardedOrRefused() throws Exception {
        Receiver<Object> receiver = level.receiver();
        for (int i = 0; i < ROUNDS && System.nanoTime() - deadline < 0; i++) {
            Sender<Object> sender = receiver.sender();
            CompletableFuture<Object> future = receiver.receiveAsync();
            Object value = new Object();
            Duo.Results<Boolean, Round> results = duo.race(() -> sender.send(value), () -> {
                boolean abandoned = receiver.abandon();
                assertThat(future.isDone()).as("done after abandon").isTrue();
                return thenBegin(receiver, abandoned);
            });
            boolean abandoned = (boolean) results.second().outcome();
            assertThat(results.first()).as("sent").isEqualTo(!abandoned);
            if (abandoned) {
                assertThat(future.isCancelled()).isTrue();
            } else if (!future.isCancelled()) {
                assertThat(future.join()).isSameAs(value);
            }
            assertUndisturbed(receiver, results.second());
        }
    }

    @Test
    void aValueAgainstCloseIsReceivedOrDiscardedOrRefused() throws Exception {
        for (int i = 0; i < ROUNDS && System.nanoTime() - deadline < 0; i++) {
            Receiver<Object> receiver = level.receiver();
            Sender<Object> sender = receiver.sender();
            CompletableFuture<Object> future = receiver.receiveAsync();
            Object value = new Object();
            Duo.Results<Boolean, Boolean> results = duo.race(() -> sender.send(value), () -> {
                receiver.close();
                assertThat(future.isDone()).as("done after close").isTrue();
                return future.isCancelled();
            });
            assertThat(future.isCancelled()).isEqualTo(results.second());
            if (!results.second()) {
                assertThat(results.first()).isTrue();
                assertThat(future.join()).isSameAs(value);
            }
            if (!results.first()) {
                assertThat(sender.send(value)).as("detached").isFalse();
                assertThat(sender.isAbandoned()).isTrue();
            }
            assertThat(receiver.isClosed()).isTrue();
        }
    }
}
