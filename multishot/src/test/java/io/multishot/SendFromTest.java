package io.multishot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Sender#sendFrom}: the work ends the round, whether it returns or throws. */
class SendFromTest {
    private static final Callable<String> NEVER = () -> {
        throw new AssertionError("unwanted work was begun");
    };

    @ParameterizedTest
    @EnumSource
    void whatTheWorkReturnsIsSentAndTheWakerIsCalled(Level level) {
        Receiver<Object> receiver = level.receiver();
        for (int round = 0; round < 3; round++) {
            Sender<Object> sender = receiver.sender();
            CountingWaker waker = new CountingWaker();
            assertThat(receiver.poll(waker)).isEqualTo(Poll.PENDING);
            AtomicReference<Thread> worked = new AtomicReference<>();
            Callable<List<Integer>> work = () -> {
                worked.set(Thread.currentThread());
                assertThat(waker.count()).isZero();
                return List.of(1, 2);
            };
            assertThat(sender.sendFrom(work)).isTrue();
            assertThat(worked).hasValue(Thread.currentThread());
            assertThat(waker.count()).isEqualTo(1);
            assertThat(receiver.take()).isEqualTo(List.of(1, 2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheWorkThrowsFailsTheRoundAndIsRethrownAsItIs(Level level) {
        Receiver<String> receiver = level.receiver();
        Throwables.ofEveryKind().forEach(thrown -> {
            Sender<String> sender = receiver.sender();
            assertThat(catchThrowable(() -> sender.sendFrom(() -> {
                        throw Throwables.sneakyThrow(thrown);
                    })))
                    .isSameAs(thrown)
                    .hasNoSuppressedExceptions();
            assertThatThrownBy(receiver::take)
                    .isInstanceOf(SenderFailedException.class)
                    .cause()
                    .isSameAs(thrown);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aNullIsAFailureLikeAnyOther(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        Throwable thrown = catchThrowable(() -> sender.sendFrom(() -> null));
        assertThat(thrown).isInstanceOf(NullPointerException.class).hasMessage("the work returned null");
        assertThatThrownBy(receiver::take).cause().isSameAs(thrown);
    }

    @ParameterizedTest
    @EnumSource
    void nullWorkChangesNothing(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThatThrownBy(() -> sender.sendFrom(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("work");
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.PENDING);
        assertThat(sender.send("value")).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void unwantedWorkIsNotBegun(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> abandoned = receiver.sender();
        receiver.abandon();
        assertThat(abandoned.sendFrom(NEVER)).isFalse();
        Sender<String> closed = receiver.sender();
        receiver.close();
        assertThat(closed.sendFrom(NEVER)).isFalse();
        assertThat(abandoned.sendFrom(NEVER)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aConsumedSenderThrowsBeforeTheWork(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        sender.send("first");
        assertThatThrownBy(() -> sender.sendFrom(NEVER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("sender already consumed");
        assertThat(receiver.take()).isEqualTo("first");
        assertThatThrownBy(() -> sender.sendFrom(NEVER)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("checked")
    void aSecondUseSaysWhereTheSenderWasConsumed() {
        Sender<String> sender = new Receiver<String>().sender();
        assertThat(sender.sendFrom(() -> "first")).isTrue();
        assertThatThrownBy(() -> sender.sendFrom(NEVER))
                .hasMessageContaining("sender consumed by send() on thread")
                .hasMessageContaining(SendFromTest.class.getName() + ".aSecondUseSaysWhereTheSenderWasConsumed");
    }

    @ParameterizedTest
    @EnumSource
    void aRoundGivenUpDuringTheWorkIsNotSentTo(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThat(sender.sendFrom(() -> {
                    receiver.abandon();
                    return "late";
                }))
                .isFalse();
        Sender<String> next = receiver.sender();
        Exception thrown = new Exception();
        assertThat(catchThrowable(() -> next.sendFrom(() -> {
                    receiver.abandon();
                    throw thrown;
                })))
                .isSameAs(thrown)
                .hasNoSuppressedExceptions();
        assertThat(receiver.poll(() -> {})).isEqualTo(Poll.DROPPED);
    }

    @ParameterizedTest
    @EnumSource
    void workThatConsumesTheSenderIsMisuseAndTheFirstOutcomeStands(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        assertThatThrownBy(() -> sender.sendFrom(() -> {
                    sender.send("first");
                    return "second";
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("sender already consumed");
        assertThat(receiver.take()).isEqualTo("first");
    }

    @ParameterizedTest
    @EnumSource
    void whatTheWorkThrowsIsNotLostIfItConsumedTheSender(Level level) {
        Receiver<String> receiver = level.receiver();
        Sender<String> sender = receiver.sender();
        Exception thrown = new Exception("of the work");
        assertThat(catchThrowable(() -> sender.sendFrom(() -> {
                    sender.send("first");
                    throw thrown;
                })))
                .isSameAs(thrown);
        assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(receiver.take()).isEqualTo("first");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("race")
    void againstAbandonOneOfTheTwoWins(Level level) throws Exception {
        Receiver<Integer> receiver = level.receiver();
        int late = 0;
        RoundLimit limit = new RoundLimit(20_000);
        try (SecondThread<Boolean> second = new SecondThread<>()) {
            for (int i = 0; limit.allows(i); i++) {
                int round = i;
                Sender<Integer> sender = receiver.sender();
                second.start(() -> sender.sendFrom(() -> round));
                second.pause(i);
                boolean abandoned = receiver.abandon();
                SecondThread.require(second.join() != abandoned, "one of the two", i);
                late += abandoned ? 1 : 0;
            }
        }
        assertThat(late).as("both occurred").isBetween(1, limit.rounds() - 1);
    }
}
