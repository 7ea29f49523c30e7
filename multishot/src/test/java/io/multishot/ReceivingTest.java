package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The receiving calls on one thread: outcomes, no round, null, closed, interrupted, timed out. */
class ReceivingTest {
    private static final Waker ANY = () -> {};

    /** The calls that return the value or throw the outcome. */
    private enum Call {
        TAKE(Receiver::take),
        TRY_RECEIVE(Receiver::tryReceive),
        RECEIVE(Receiver::receive),
        RECEIVE_TIMED(receiver -> receiver.receive(Duration.ofDays(1))),
        RECEIVE_TIMED_ZERO(receiver -> receiver.receive(Duration.ZERO)),
        RECEIVE_UNINTERRUPTIBLY(Receiver::receiveUninterruptibly);

        final Body of;

        Call(Body of) {
            this.of = of;
        }
    }

    private interface Body {
        Object call(Receiver<String> receiver) throws Exception;
    }

    @AfterEach
    void clearTheInterruptFlag() {
        Thread.interrupted();
    }

    @ParameterizedTest
    @EnumSource
    void everyCallReturnsTheValueThatIsThereAndEndsTheRound(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        for (Call call : Call.values()) {
            receiver.sender().send("value");
            assertThat(call.of.call(receiver)).as(call.name()).isEqualTo("value");
            assertThat(receiver.poll(ANY)).isEqualTo(Poll.DROPPED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCallThrowsTheFailureThatIsThereAndEndsTheRound(Level level) {
        Receiver<String> receiver = level.receiver();
        Throwable cause = new Error("any throwable");
        for (Call call : Call.values()) {
            receiver.sender().fail(cause);
            assertThatThrownBy(() -> call.of.call(receiver))
                    .as(call.name())
                    .isInstanceOf(SenderFailedException.class)
                    .isInstanceOf(ReceiveException.class)
                    .cause()
                    .isSameAs(cause);
            assertThat(receiver.poll(ANY)).isEqualTo(Poll.DROPPED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCallThrowsDroppedAfterADropAndWithoutARound(Level level) {
        Receiver<String> receiver = level.receiver();
        for (Call call : Call.values()) {
            assertThatThrownBy(() -> call.of.call(receiver))
                    .as(call.name())
                    .isInstanceOf(SenderDroppedException.class)
                    .hasMessage("no value will come: no round is in progress; begin one with sender()");
            receiver.sender().drop();
            assertThatThrownBy(() -> call.of.call(receiver))
                    .as(call.name())
                    .isInstanceOf(SenderDroppedException.class)
                    .isInstanceOf(ReceiveException.class)
                    .hasMessage("no value will come: the sender was dropped");
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutARoundPollSaysDroppedAndSenderBeginsOne(Level level) {
        Receiver<String> receiver = level.receiver();
        assertThat(receiver.poll(ANY)).isEqualTo(Poll.DROPPED);
        assertThat(receiver.trySender()).isNotNull();
        assertThat(receiver.poll(ANY)).isEqualTo(Poll.PENDING);
        assertThat(receiver.abandon()).isTrue();
        assertThat(receiver.poll(ANY)).isEqualTo(Poll.DROPPED);
    }

    @ParameterizedTest
    @EnumSource
    void whilePendingTakeThrowsTryReceiveIsNullAndNothingIsDisturbed(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        CountingWaker waker = new CountingWaker();
        assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
        assertThatThrownBy(receiver::take)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the outcome is pending, the sender has not been used: poll again, or receive()");
        assertThat(receiver.tryReceive()).isNull();
        sender.send("value");
        assertThat(waker.count()).isEqualTo(1);
        assertThat(receiver.tryReceive()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void aValueStaysUntilItIsTaken(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThat(receiver.poll(ANY)).isEqualTo(Poll.PENDING);
        assertThatThrownBy(() -> receiver.receive(Duration.ofNanos(1))).isInstanceOf(TimeoutException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(receiver::receive).isInstanceOf(InterruptedException.class);
        receiver.receiveAsync().cancel(false);
        sender.send("value");
        assertThat(receiver.poll(ANY)).isEqualTo(Poll.READY);
        assertThat(receiver.receive()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutMayHaveAnyLength(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        List<Duration> notPositive =
                List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-1), Duration.ofSeconds(Long.MIN_VALUE));
        List<Duration> all = new ArrayList<>(List.of(Duration.ofNanos(1), Duration.ofMillis(2)));
        all.addAll(notPositive);
        for (Duration tooShort : all) {
            assertThatThrownBy(() -> receiver.receive(tooShort))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("no outcome within " + tooShort
                            + "; the sender is still live: wait again, or give the round up with abandon()");
        }
        assertThat(sender.drop()).isTrue();
        for (Duration timeout : notPositive) {
            assertThat(receiver.sender().send("value")).isTrue();
            assertThat(receiver.receive(timeout)).as("a value that is there").isEqualTo("value");
        }
        Thread waiting = Thread.currentThread();
        for (Duration enough : List.of(Duration.ofDays(1), Duration.ofSeconds(Long.MAX_VALUE, 999_999_999))) {
            Sender<String> live = receiver.sender();
            Thread answering = new Thread(() -> {
                while (waiting.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                live.send("value");
            });
            answering.start();
            assertThat(receiver.receive(enough)).isEqualTo("value");
            answering.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutIsNeverEarlyAndWithdrawsTheWaiter(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        CountingWaker replaced = new CountingWaker();
        assertThat(receiver.poll(replaced)).isEqualTo(Poll.PENDING);

        long start = System.nanoTime();
        assertThatThrownBy(() -> receiver.receive(Duration.ofMillis(30))).isInstanceOf(TimeoutException.class);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));

        assertThat(sender).hasToString("Sender[live]");
        assertThat(sender.send("value")).isTrue();
        assertThat(replaced.count()).isZero();
        assertThat(receiver.take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void afterATimeoutOrAnInterruptTheSenderIsLive(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThatThrownBy(() -> receiver.receive(Duration.ZERO)).isInstanceOf(TimeoutException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(receiver::receive).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(receiver::sender)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("abandon()");
        assertThat(receiver.trySender()).isNull();
        assertThat(receiver.toString()).isEqualTo("Receiver[a sender is live]");
        assertThat(sender.isAbandoned()).isFalse();
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void interruptedBeforeAValueItThrowsAndClearsTheFlag(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        for (Call call : List.of(Call.RECEIVE, Call.RECEIVE_TIMED, Call.RECEIVE_TIMED_ZERO)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> call.of.call(receiver))
                    .isInstanceOf(InterruptedException.class)
                    .hasMessage("interrupted before there was an outcome; the sender is still live: wait again, or "
                            + "abandon() the round");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        sender.send("value");
        assertThat(receiver.take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void interruptedWithTheOutcomeThereItReturnsItAndKeepsTheFlag(Level level) throws Exception {
        Receiver<String> receiver = level.receiver();
        Thread.currentThread().interrupt();
        for (Call call : Call.values()) {
            receiver.sender().send("value");
            assertThat(call.of.call(receiver)).isEqualTo("value");
            receiver.sender().fail(new Error("cause"));
            assertThatThrownBy(() -> call.of.call(receiver)).hasRootCauseMessage("cause");
            receiver.sender().drop();
            assertThatThrownBy(() -> call.of.call(receiver)).isInstanceOf(SenderDroppedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClosedReceiverRefusesEveryCallThatNeedsARound(Level level) {
        Receiver<String> receiver = level.receiver();
        assertThat(receiver.isClosed()).isFalse();
        receiver.close();
        receiver.close();
        assertThat(receiver.isClosed()).isTrue();
        assertThat(receiver.abandon()).isFalse();
        assertThat(receiver.toString()).isEqualTo("Receiver[closed]");
        for (Call call : Call.values()) {
            assertClosed(() -> call.of.call(receiver));
        }
        assertClosed(receiver::sender);
        assertClosed(receiver::trySender);
        assertClosed(() -> receiver.poll(ANY));
        assertClosed(receiver::receiveAsync);
    }

    private static void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this receiver is closed: make a new one");
    }

    @ParameterizedTest
    @EnumSource
    void closingDiscardsAnOutcomeAndDetachesALiveSender(Level level) {
        Receiver<String> withValue = level.receiver();
        withValue.sender().send("value");
        withValue.close();
        assertThatThrownBy(withValue::take).hasMessage("this receiver is closed: make a new one");

        Sender<String> sender;
        try (Receiver<String> receiver = level.receiver()) {
            sender = receiver.sender();
            assertThat(sender.isAbandoned()).isFalse();
        }
        assertThat(sender.isAbandoned()).isTrue();
        assertThat(sender.send("value")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void nullIsRefusedBeforeAnythingHasChanged(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThatThrownBy(() -> sender.send(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("value");
        assertThatThrownBy(() -> sender.fail(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("cause");
        assertThatThrownBy(() -> receiver.poll(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("waker");
        assertThatThrownBy(() -> receiver.receive(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("timeout");
        assertThat(sender.send("value")).isTrue();
        assertThat(receiver.take()).isEqualTo("value");
    }

    @ParameterizedTest
    @EnumSource
    void anyObjectCanBeAValueEvenOneThatLooksLikeAState(Level level) {
        Receiver<Object> receiver = level.receiver();
        for (Object value : List.of(
                Poll.DROPPED,
                (Waker) () -> {},
                Thread.currentThread(),
                receiver,
                new Error(),
                level.receiver().sender())) {
            receiver.sender().send(value);
            assertThat(receiver.poll(ANY)).isEqualTo(Poll.READY);
            assertThat(receiver.take()).isSameAs(value);
        }
    }

    @Test
    @Tag("unchecked")
    void aThreadWhoseWaiterAnotherThreadReplacedThrows() throws Exception {
        Receiver<String> receiver = new Receiver<>();
        Sender<String> sender = receiver.sender();
        Thread waiting = Thread.currentThread();
        Thread intruder = new Thread(() -> {
            while (waiting.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(receiver.poll(ANY)).isEqualTo(Poll.PENDING);
            java.util.concurrent.locks.LockSupport.unpark(waiting);
        });
        intruder.start();
        assertThatThrownBy(receiver::receive)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("another thread used this receiver while this one waited in it");
        intruder.join();
        assertThatCode(() -> sender.send("value")).doesNotThrowAnyException();
    }
}
