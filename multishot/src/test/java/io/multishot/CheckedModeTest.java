package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every receiver reports of misuse while assertions are enabled. {@link LeakTest} covers leaks. */
@Tag("checked")
@Timeout(value = 120, threadMode = SEPARATE_THREAD)
class CheckedModeTest {
    private static final String HERE = CheckedModeTest.class.getName();

    // ------------------------------------------------------------------ overlapping calls

    private static Map<String, Callable<?>> everyCall(Receiver<Integer> receiver) {
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        calls.put("sender", receiver::sender);
        calls.put("trySender", receiver::trySender);
        calls.put("poll", () -> receiver.poll(() -> {}));
        calls.put("take", receiver::take);
        calls.put("tryReceive", receiver::tryReceive);
        calls.put("receive", receiver::receive);
        calls.put("receive timed", () -> receiver.receive(Duration.ofSeconds(10)));
        calls.put("receiveUninterruptibly", receiver::receiveUninterruptibly);
        calls.put("receiveAsync", receiver::receiveAsync);
        calls.put("abandon", receiver::abandon);
        calls.put("close", () -> {
            receiver.close();
            return null;
        });
        calls.put("isClosed", receiver::isClosed);
        return calls;
    }

    @ParameterizedTest
    @EnumSource
    void everyMethodRefusesASecondThreadWhileTheFirstIsParked(Level level) {
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> sender = receiver.sender();
        try (SecondThread<Integer> first = new SecondThread<>()) {
            first.thread().setName("the-first-thread");
            first.start(receiver::receive);
            first.awaitParked();
            everyCall(receiver)
                    .forEach((name, call) -> assertThatThrownBy(call::call)
                            .as(name)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("\"the-first-thread\""));
            assertThat(receiver).hasToString("Receiver[a sender is live, a waiter is registered]");
            assertThat(first.isBusy()).isTrue();

            assertThat(sender.send(5)).isTrue();
            assertThat(first.join()).isEqualTo(5);
        }
        assertThat(receiver.trySender()).as("nothing holds the receiver").satisfies(next -> next.drop());
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatThrowsLeavesTheReceiverToOthers(Level level) {
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> sender = receiver.sender();
        assertThatThrownBy(receiver::take).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(receiver::sender).isInstanceOf(IllegalStateException.class);
        try (SecondThread<Integer> other = new SecondThread<>()) {
            other.start(() -> sender.send(1) ? receiver.take() : -1);
            assertThat(other.join()).isEqualTo(1);
            other.start(() -> catchThrowableOfType(SenderDroppedException.class, receiver::receive) == null ? 0 : 1);
            assertThat(other.join()).isEqualTo(1);
        }
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.DROPPED);
    }

    @ParameterizedTest
    @EnumSource
    void twoThreadsMayUseAReceiverInTurn(Level level) {
        Receiver<Integer> receiver = level.receiver();
        try (SecondThread<Integer> other = new SecondThread<>()) {
            for (int i = 0; i < 1000; i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                other.start(() -> receiver.poll(() -> {}) == Poll.PENDING && sender.send(round) ? receiver.take() : -1);
                assertThat(other.join()).isEqualTo(i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDependentsOfAFutureThatAbandonCancelsMayCallIntoTheReceiver(Level level) {
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> detached = receiver.sender();
        AtomicReference<Sender<Integer>> next = new AtomicReference<>();
        CompletableFuture<Integer> future = receiver.receiveAsync();
        future.whenComplete((value, thrown) -> next.set(receiver.sender()));

        assertThat(receiver.abandon()).isTrue();
        assertThat(detached.send(1)).isFalse();
        assertThat(next.get().send(2)).isTrue();
        assertThat(receiver.take()).isEqualTo(2);
    }

    /** The code that abandon calls hands the receiver over to another thread, and waits for that thread. */
    @ParameterizedTest
    @EnumSource
    void whatAbandonCallsMayHandTheReceiverOver(Level level) {
        Receiver<Integer> receiver = level.receiver();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            Runnable handOver = () -> {
                second.start(() -> receiver.sender().send(1) && receiver.take() == 1);
                assertThat(second.join()).isTrue();
            };
            AtomicReference<Object> outcome = new AtomicReference<>();
            receiver.sender().onAbandon(() -> outcome.set(attempt(handOver)));
            assertThat(receiver.abandon()).isTrue();
            assertThat(outcome.get()).as("the waker of onAbandon").isEqualTo("done");

            assertThat(receiver.sender()).isNotNull();
            receiver.receiveAsync().whenComplete((value, thrown) -> outcome.set(attempt(handOver)));
            outcome.set(null);
            assertThat(receiver.abandon()).isTrue();
            assertThat(outcome.get()).as("a dependent of the future").isEqualTo("done");
        }
    }

    private static Object attempt(Runnable action) {
        try {
            action.run();
            return "done";
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void callsThatOverlapByChanceNeverBreakTheRound(Level level) {
        Receiver<Integer> receiver = level.receiver();
        try (SecondThread<Boolean> intruder = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(100_000);
            for (int i = 0; limit.allows(i); i++) {
                Sender<Integer> sender = receiver.sender();
                sender.send(i);
                intruder.start(() -> isRefused(receiver::isClosed));
                Integer value = null;
                while (value == null) {
                    try {
                        value = receiver.take();
                    } catch (IllegalStateException intruderInside) {
                        SecondThread.require(intruderInside.getMessage().contains("\"second\""), "names the thread", i);
                    }
                }
                SecondThread.require(value == i, "the value of this round", i);
                intruder.join();
            }
        }
    }

    private static boolean isRefused(Callable<?> call) throws Exception {
        try {
            call.call();
            return false;
        } catch (IllegalStateException refused) {
            return true;
        }
    }

    // ------------------------------------------------------------------ where a sender was made and consumed

    private static Sender<Integer> makeHere(Receiver<Integer> receiver) {
        return receiver.sender();
    }

    private static void sendHere(Sender<Integer> sender) {
        assertThat(sender.send(1)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aSecondUseSaysWhereTheSenderWasMadeAndWhereItWasConsumed(Level level) {
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> sender = makeHere(receiver);
        sendHere(sender);
        for (int i = 0; i < 2; i++) {
            IllegalStateException misuse = catchThrowableOfType(IllegalStateException.class, () -> sender.send(2));
            assertThat(misuse)
                    .hasMessageStartingWith("sender already consumed")
                    .hasMessageContaining("send()")
                    .hasMessageContaining(HERE + ".sendHere(")
                    .hasMessageContaining(HERE + ".makeHere(")
                    .hasMessageContaining("\"" + Thread.currentThread().getName() + "\"");
            Throwable consumed = misuse.getCause();
            Throwable made = consumed.getCause();
            assertThat(consumed.getStackTrace()).anySatisfy(CheckedModeTest::isSendHere);
            assertThat(made.getStackTrace())
                    .anySatisfy(frame -> assertThat(frame.getMethodName()).isEqualTo("makeHere"));
            assertThat(made.getCause()).isNull();
        }
        assertThat(receiver.take()).as("the first outcome stands").isEqualTo(1);
        assertThatThrownBy(sender::drop).as("also after the round").hasMessageContaining(HERE + ".sendHere(");
    }

    private static void isSendHere(StackTraceElement frame) {
        assertThat(frame.getMethodName()).isEqualTo("sendHere");
    }

    @ParameterizedTest
    @EnumSource
    void aUseThroughATableIsItsCallersNotTheTables(Level level) {
        ReplyTable<Integer> table = new ReplyTable<>(1);
        Sender<Integer> sender = makeHere(level.receiver());
        replyHere(table, table.open(sender));
        assertThatThrownBy(sender::drop)
                .hasMessageContaining(
                        "by send() on thread \"" + Thread.currentThread().getName() + "\" at " + HERE + ".replyHere(");
    }

    private static void replyHere(ReplyTable<Integer> table, long ticket) {
        assertThat(table.send(ticket, 1)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aUseThroughAQueueOrByADeadlineIsItsCallers(Level level) {
        ReplyQueue<Integer> queue = new ReplyQueue<>(2);
        Sender<Integer> answered = makeHere(level.receiver());
        Sender<Integer> late = makeHere(level.receiver());
        assertThat(queue.open(answered)).isTrue();
        assertThat(queue.open(late, 1)).isTrue();
        answerAndExpireHere(queue);
        assertThatThrownBy(answered::drop).hasMessageContaining(" at " + HERE + ".answerAndExpireHere(");
        assertThatThrownBy(late::drop).hasMessageContaining(" at " + HERE + ".answerAndExpireHere(");
    }

    private static void answerAndExpireHere(ReplyQueue<Integer> queue) {
        assertThat(queue.send(1)).isTrue();
        assertThat(queue.expire(2)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aSecondUseNamesTheKindOfTheFirstAndItsThread(Level level) {
        Receiver<Integer> receiver = level.receiver();
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            second.thread().setName("the-consumer");
            Sender<Integer> dropped = receiver.sender();
            second.start(dropped::drop);
            assertThat(second.join()).isTrue();
            assertThatThrownBy(() -> dropped.send(1))
                    .hasMessageContaining("drop()")
                    .hasMessageContaining("\"the-consumer\"");

            Sender<Integer> failed = receiver.sender();
            second.start(() -> failed.fail(new RuntimeException("broken")));
            assertThat(second.join()).isTrue();
            assertThatThrownBy(failed::drop)
                    .hasMessageContaining("fail()")
                    .hasMessageContaining("\"the-consumer\"")
                    .hasMessageContaining(HERE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aUseBetweenTheClaimAndTheOutcomeOfAnotherIsRefused(Level level) throws Exception {
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> sender = receiver.sender();
        Field claim = CheckedSender.Cell.class.getDeclaredField("claim");
        claim.setAccessible(true);
        claim.set(((CheckedSender<Integer>) sender).cell(), UseRecord.consumed(1, null));
        assertThat(sender.trySend(2)).isFalse();
        assertThatThrownBy(() -> sender.send(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(HERE + ".aUseBetween");
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.PENDING);
    }

    /** A use claims the sender by storing its use record, so the loser of a race always finds that. */
    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void theLoserOfAnOverlapSaysWhereTheWinnerWas(Level level) {
        Receiver<Integer> receiver = level.receiver();
        try (SecondThread<String> second = new SecondThread<>()) {
            RoundLimit limit = new RoundLimit(3000);
            for (int i = 0; limit.allows(i); i++) {
                Sender<Integer> sender = makeHere(receiver);
                second.start(() -> loser(sender));
                SecondThread.jitter();
                String message = loser(sender) + second.join();
                SecondThread.require(
                        message.contains(HERE + ".loser(") && message.contains(HERE + ".makeHere("), message, i);
            }
        }
    }

    private static String loser(Sender<Integer> sender) {
        try {
            sender.send(1);
            return "";
        } catch (IllegalStateException misuse) {
            return misuse.getMessage();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedRoundSaysWhereTheLiveSenderWasMade(Level level) {
        Receiver<Integer> receiver = level.receiver();
        Sender<Integer> live = makeHere(receiver);
        IllegalStateException refused = catchThrowableOfType(IllegalStateException.class, receiver::sender);
        assertThat(refused)
                .hasMessageContaining("abandon()")
                .hasMessageContaining("sender made on thread")
                .hasMessageContaining(HERE + ".makeHere(");
        assertThat(refused.getCause().getStackTrace())
                .anySatisfy(frame -> assertThat(frame.getMethodName()).isEqualTo("makeHere"));
        assertThat(live.drop()).isTrue();
        assertThat(Errors.live(null))
                .as("if only leaks are detected, most senders do not know")
                .hasMessageEndingWith("abandon()");
    }

    @Test
    void aUseRecordWithoutFramesSaysThatThePlaceIsUnknown() {
        UseRecord record = UseRecord.made();
        assertThat(record.where()).contains(HERE);
        record.setStackTrace(new StackTraceElement[0]);
        assertThat(record.where()).matches("sender made on thread \".+\" at an unknown place");
    }
}
